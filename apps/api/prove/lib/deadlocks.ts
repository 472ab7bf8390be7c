import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { inject } from 'vitest'

import type { Pool } from '#platform/db/pool.ts'

/** The log comes through a pipe, the statistics are written by backends that have become quiet. */
const LOG_DELAY_MS = 150
const STATISTICS_DELAY_MS = 1_500

const inLog = async (file: string, database: string): Promise<number> => {
  await sleep(LOG_DELAY_MS)
  return readFileSync(file, 'utf8').split(` ${database} ERROR:  deadlock detected`).length - 1
}

const inStatistics = async (pool: Pool): Promise<number> => {
  await sleep(STATISTICS_DELAY_MS)
  const { rows } = await pool.query<{ deadlocks: number }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  )
  return rows[0]?.deadlocks ?? 0
}

/** Counts the deadlocks that PostgreSQL met in this database since this call: in its log, or in its statistics where the log is not ours to read. */
export const watchDeadlocks = async (pool: Pool) => {
  const log = inject('server_log')
  const { rows } = await pool.query<{ name: string }>('select current_database() as name')
  const read = () => (log ? inLog(log, rows[0]?.name ?? '') : inStatistics(pool))
  const before = await read()
  return async (): Promise<number> => (await read()) - before
}
