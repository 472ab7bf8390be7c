import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

import { createTestDatabase, openTestDatabase } from '#testing/database.ts'
import { translate } from './kysely.ts'
import { type DatabaseHandle, openEmbedded, openServer } from './pool.ts'

const directory = mkdtempSync(join(tmpdir(), 'marquee-pool-'))
afterAll(() => rmSync(directory, { recursive: true }))
afterEach(() => {
  vi.useRealTimers()
})

const home = join(directory, 'data')
const databases: [string, () => Promise<DatabaseHandle>][] = [
  ['PostgreSQL', openTestDatabase],
  ['the embedded database', () => openEmbedded(home)],
]

describe.each(databases)('the pool of %s', (_name, open) => {
  let database: DatabaseHandle
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('gives large integers, their lists and decimals as numbers, and a date as it stands', async () => {
    const { rows } = await database.pool.query(
      `select 9007199254740991::bigint as id, array[1, 2]::bigint[] as ids, 12.50::numeric as rate, date '2026-03-29' as day,
              timestamptz '2026-03-29 01:00:00.123+00' as moment, null::bigint as nothing, '{}'::bigint[] as none`,
    )
    const moment = new Date('2026-03-29T01:00:00.123Z')
    expect(rows).toEqual([{ id: 9007199254740991, ids: [1, 2], rate: 12.5, day: '2026-03-29', moment, nothing: null, none: [] }])
  })

  test('answers with 503 when no connection is free in time, and goes on when one is', async () => {
    const { pool, embedded } = database
    const taken = await Promise.all(Array.from({ length: embedded ? 1 : 10 }, () => pool.connect()))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const waiting = pool.query('select 1').catch(translate)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await waiting).toMatchObject({ status: 503, code: 'server.overloaded', data: { retry_after: 2 } })
    vi.useRealTimers()
    for (const client of taken) client.release()
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  test('goes on after a refused query', async () => {
    await expect(database.pool.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' })
    expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })
})

test('a connection to a server waits for no lock, statement or idle transaction for ever, and says whose it is', async () => {
  const { url, drop } = await createTestDatabase()
  const { pool, close } = openServer({ url, size: 1, applicationName: 'marquee-pool-test' })
  const { rows } = await pool.query(
    `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
            current_setting('idle_in_transaction_session_timeout') as idle, current_setting('application_name') as name`,
  )
  expect(rows).toEqual([{ lock: '3s', statement: '30s', idle: '15s', name: 'marquee-pool-test' }])
  await close()
  await drop()
})

test('when the server cuts every connection, idle and busy ones, the process lives and the pool recovers', async () => {
  const { pool, close } = await openTestDatabase(4)
  const busy = Array.from({ length: 3 }, () => pool.query('select pg_sleep(5)').catch((error: { code: string }) => error.code))
  await vi.waitUntil(async () => {
    const { rows } = await pool.query(
      `select count(*) as count from pg_stat_activity where datname = current_database() and query like '%sleep(5)%'`,
    )
    return rows[0].count === 4
  })
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'marquee-test' and pid <> pg_backend_pid()`,
  )
  expect(await Promise.all(busy)).toEqual(['57P01', '57P01', '57P01'])
  const idle = await pool.connect()
  const { rows } = await idle.query<{ pid: number }>('select pg_backend_pid() as pid')
  idle.release()
  const killer = await openTestDatabase(1)
  await killer.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
  await killer.close()
  await vi.waitUntil(() => pool.totalCount === 0)
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await close()
})

describe('R-236: the embedded database', () => {
  test('keeps its rows when it is closed and opened again, and leaves no lock', async () => {
    const first = await openEmbedded(home)
    await first.pool.query('create table kept as select 42 as answer')
    expect(existsSync(join(home, 'marquee.lock'))).toBe(true)
    await first.close()
    expect(readdirSync(home)).toEqual(['pg'])
    const second = await openEmbedded(home)
    expect((await second.pool.query('select answer from kept')).rows).toEqual([{ answer: 42 }])
    await second.close()
  })

  test('opens once at a time', async () => {
    const first = await openEmbedded(home)
    await expect(openEmbedded(home)).rejects.toThrow(`DATA_DIR ${home} is in use by process ${process.pid}.`)
    await first.close()
  })
})

test.each([
  [51, 'has no room left for the database.'],
  [2, 'cannot hold the database (error 2 of its files).'],
])(
  'a disk that does not take the embedded database (%i) is told in a sentence, and leaves no half of one',
  async (errno, words) => {
    const dataDir = join(directory, `full-${errno}`)
    vi.doMock('@electric-sql/pglite', () => ({
      PGlite: {
        create: (files: string) => {
          mkdirSync(files)
          // What its file system throws is no Error.
          return vi.fn<() => Promise<never>>().mockRejectedValue({ name: 'ErrnoError', errno })()
        },
      },
    }))
    await expect(openEmbedded(dataDir)).rejects.toMatchObject({ name: 'ConfigError', message: `DATA_DIR ${dataDir} ${words}` })
    expect(readdirSync(dataDir)).toEqual([])
    vi.doUnmock('@electric-sql/pglite')
  },
)
