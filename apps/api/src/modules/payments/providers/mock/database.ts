import type { PoolClient } from 'pg'

import { readMigrations } from '#platform/db/migrate.ts'
import type { Pool } from '#platform/db/pool.ts'

export type Client = PoolClient

const ignore = () => undefined

/** One short transaction. A connection that dies between two statements fails this call, not the process. */
export const inTransaction = async <T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = await pool.connect()
  client.on('error', ignore)
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure))
    throw error
  } finally {
    client.off('error', ignore)
    client.release(broken)
  }
}

const MIGRATION = '0008_mock_provider.sql'
const INSTALL_LOCK = 8_008

/** Makes the provider's schema in a database of its own; several processes may start at once. */
export const installMockProvider = (pool: Pool): Promise<void> =>
  inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [INSTALL_LOCK])
    const { rows } = await client.query<{ missing: boolean }>(`select to_regnamespace('mock_provider') is null as missing`)
    const migration = readMigrations().find(({ name }) => name === MIGRATION)
    if (!migration) throw new Error(`${MIGRATION} is missing.`)
    if (rows[0]?.missing) await client.query(migration.text)
  })
