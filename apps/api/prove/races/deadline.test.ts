import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'

import { transaction } from '#platform/db/kysely.ts'
import type { AppError } from '#platform/errors.ts'
import { startTestApp } from '#testing/app.ts'

const LONGER_THAN_ANY_TRANSACTION_MS = 10_000
const SLOW_STATEMENT_SECONDS = 0.5

const { db } = await startTestApp()

afterEach(() => vi.useRealTimers())

const untilTheSlowStatementRuns = async () => {
  const find = sql`select from pg_stat_activity where datname = current_database() and query like '%pg_sleep%' and wait_event = 'PgSleep'`
  while ((await find.execute(db)).rows.length === 0);
}

test('Q-10 a transaction past its time leaves nothing behind, not even the statement it was about to send', async () => {
  const name = `late-${Date.now()}`
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const answer = transaction(db, async (tx) => {
    await sql`select pg_sleep(${SLOW_STATEMENT_SECONDS}::float8)`.execute(tx)
    await tx.insertInto('directors').values({ name }).execute()
  }).catch((error: AppError) => error.code)
  await untilTheSlowStatementRuns()
  vi.advanceTimersByTime(LONGER_THAN_ANY_TRANSACTION_MS)
  vi.useRealTimers()

  expect(await answer).toBe('server.busy')
  await sleep(200)
  expect(await db.selectFrom('directors').select('name').where('name', '=', name).execute()).toEqual([])
})
