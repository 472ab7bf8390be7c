import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

import { openTestDatabase } from '#testing/database.ts'
import { openTestEmbedded } from '#testing/embedded.ts'
import { afterCommit, changedMeanwhile, createDb, type Db, savepoint, transaction, type Tx } from './kysely.ts'
import { type DatabaseHandle, openEmbedded } from './pool.ts'

const PATIENCE_MS = 10_000
const CONNECT_MS = 5_000
const directory = mkdtempSync(join(tmpdir(), 'marquee-kysely-'))
afterAll(() => rmSync(directory, { recursive: true }))

const databases: [string, () => Promise<DatabaseHandle>][] = [
  ['PostgreSQL', openTestDatabase],
  ['the embedded database', () => openTestEmbedded(directory)],
]

const signal = () => {
  let give = (): void => undefined
  const given = new Promise<void>((resolve) => (give = resolve))
  return { give, given }
}
const note = (db: Db, text: string) => sql`insert into notes (text) values (${text})`.execute(db)
const notes = async (db: Db) =>
  (await sql<{ text: string }>`select text from notes order by id`.execute(db)).rows.map(({ text }) => text)

/** From here on time passes only when it is told to. */
const stopTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
afterEach(() => {
  vi.useRealTimers()
})

describe.each(databases)('a transaction on %s', (_name, open) => {
  let database: DatabaseHandle
  let db: Db
  beforeAll(async () => {
    database = await open()
    db = createDb(database.pool)
    await database.pool.query('create table notes (id int generated always as identity, text text)')
  })
  afterEach(() => database.pool.query('truncate notes'))
  afterAll(() => database.close())

  test('keeps everything or nothing, and hands on what went wrong', async () => {
    expect(await transaction(db, async (tx) => (await note(tx, 'kept'), 'done'))).toBe('done')
    await expect(transaction(db, async (tx) => (await note(tx, 'lost'), Promise.reject(new Error('no'))))).rejects.toThrow('no')
    expect(await notes(db)).toEqual(['kept'])
  })

  test('does afterwards what was asked for: once when it is kept, also at the third try, and never when it is undone', async () => {
    const done: string[] = []
    let tries = 0
    await transaction(db, async (tx) => {
      tries += 1
      await note(tx, 'kept')
      afterCommit(tx, () => done.push(`after try ${tries}`))
      expect(done).toEqual([])
      if (tries < 3) throw changedMeanwhile()
    })
    expect(done).toEqual(['after try 3'])

    const undone = transaction(db, async (tx) => {
      afterCommit(tx, () => done.push('undone'))
      await sql`select 1 / 0`.execute(tx)
    })
    await expect(undone).rejects.toThrow('division by zero')
    afterCommit(db, () => done.push('at once'))
    expect(done).toEqual(['after try 3', 'at once'])
  })

  test('undoes one part that fails, also when the database refused it, and goes on', async () => {
    const failed: unknown[] = []
    await transaction(db, async (tx) => {
      await note(tx, 'before')
      const refused = await savepoint(tx, async () => (await note(tx, 'undone'), sql`select 1 / 0`.execute(tx)))
      const nested = await savepoint(tx, async () => {
        await note(tx, 'outer')
        return savepoint(tx, async () => (await note(tx, 'inner'), Promise.reject(new Error('inner'))))
      })
      failed.push('failed' in refused && (refused.failed as { code: string }).code, 'done' in nested && 'failed' in nested.done)
      await note(tx, 'after')
    })
    expect(failed).toEqual(['22012', true])
    expect(await notes(db)).toEqual(['before', 'outer', 'after'])
  })

  test('that takes too long is undone by our own timer and answered with 503', async () => {
    const [begun, goOn, wentOn] = [signal(), signal(), vi.fn<() => void>()]
    stopTime()
    const late = transaction(db, async (tx) => {
      await note(tx, 'too late')
      begun.give()
      await goOn.given
      await note(tx, 'far too late').finally(wentOn)
    })
    const refused = late.catch((error: unknown) => error)
    await begun.given
    await vi.advanceTimersByTimeAsync(PATIENCE_MS)
    expect(await refused).toMatchObject({ status: 503, code: 'server.busy', data: { retry_after: 1 } })
    goOn.give()
    await vi.waitUntil(() => wentOn.mock.calls.length > 0)
    expect(await notes(db)).toEqual([])
  })

  test('that is undone while the database works for it writes nothing afterwards', async () => {
    const wentOn = vi.fn<() => void>()
    stopTime()
    const late = transaction(db, async (tx) => {
      await note(tx, 'first half')
      const working = sql`select pg_sleep(0.2)`.execute(tx)
      vi.advanceTimersByTime(PATIENCE_MS)
      await working
      await note(tx, 'second half').finally(wentOn)
    })
    await expect(late).rejects.toMatchObject({ status: 503 })
    vi.useRealTimers()
    await vi.waitUntil(() => wentOn.mock.calls.length > 0)
    expect(await notes(db)).toEqual([])
  })
})

describe('rivals on PostgreSQL', () => {
  let database: DatabaseHandle
  let db: Db
  beforeAll(async () => {
    database = await openTestDatabase()
    db = createDb(database.pool)
    await database.pool.query('create table counters (id int primary key, value int not null)')
    await database.pool.query('insert into counters values (1, 0), (2, 0)')
  })
  afterEach(() => database.pool.query('update counters set value = 0'))
  afterAll(() => database.close())

  const add = (tx: Tx, id: number) => sql`update counters set value = value + 1 where id = ${id}`.execute(tx)
  const rethrow = (met: unknown[], error: unknown): never => {
    met.push((error as { code?: string }).code)
    throw error
  }
  const values = async () =>
    (await sql<{ value: number }>`select value from counters order by id`.execute(db)).rows.map(({ value }) => value)

  test('a deadlock is met, tried again, and both changes are made', async () => {
    let [begun, holding] = [0, 0]
    const both = signal()
    const met: unknown[] = []
    const crosswise = (first: number, second: number) =>
      transaction(db, async (tx) => {
        begun += 1
        await sql`set local deadlock_timeout = '20ms'`.execute(tx)
        await add(tx, first)
        holding += 1
        if (holding === 2) both.give()
        await both.given
        await add(tx, second).catch((error: unknown) => rethrow(met, error))
      })
    await Promise.all([crosswise(1, 2), crosswise(2, 1)])
    expect(met).toContain('40P01')
    expect(begun).toBe(2 + met.length)
    expect(await values()).toEqual([2, 2])
  })

  test('a serialisation failure is met, tried again, and no change is lost', async () => {
    let begun = 0
    const together = signal()
    const met: unknown[] = []
    const count = () =>
      transaction(db, async (tx) => {
        begun += 1
        await sql`set transaction isolation level repeatable read`.execute(tx)
        const { rows } = await sql<{ value: number }>`select value from counters where id = 1`.execute(tx)
        if (begun === 4) together.give()
        await together.given
        const change = sql`update counters set value = ${(rows[0]?.value ?? 0) + 1} where id = 1`.execute(tx)
        await change.catch((error: unknown) => rethrow(met, error))
      })
    await Promise.all([count(), count(), count(), count()])
    expect(met).toContain('40001')
    expect(begun).toBe(4 + met.length)
    expect(await values()).toEqual([4, 0])
  })

  test('it gives up after five attempts with 503, and tries nothing else a second time', async () => {
    const serialization = vi.fn<() => Promise<never>>(() => Promise.reject(Object.assign(new Error('again'), { code: '40001' })))
    await expect(transaction(db, serialization)).rejects.toMatchObject({ status: 503, code: 'server.busy' })
    expect(serialization).toHaveBeenCalledTimes(5)
    const unique = vi.fn<() => Promise<never>>(() => Promise.reject(Object.assign(new Error('taken'), { code: '23505' })))
    await expect(transaction(db, unique)).rejects.toThrow('taken')
    expect(unique).toHaveBeenCalledTimes(1)
  })

  test('a lock that does not come is answered with 503, not waited for', async () => {
    const [locked, release] = [signal(), signal()]
    const holder = transaction(db, async (tx) => (await add(tx, 1), locked.give(), release.given))
    await locked.given
    const waiter = transaction(db, async (tx) => {
      await sql`set local lock_timeout = '50ms'`.execute(tx)
      await add(tx, 1)
    })
    await expect(waiter).rejects.toMatchObject({ status: 503, code: 'server.busy', data: { retry_after: 1 } })
    release.give()
    await holder
    expect(await values()).toEqual([1, 0])
  })

  test('a transaction whose connection is cut leaves nothing, and the next one works', async () => {
    const cut = transaction(db, async (tx) => {
      await add(tx, 1)
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(db)
      await add(tx, 2)
    })
    await expect(cut).rejects.toThrow(/./)
    await transaction(db, (tx) => add(tx, 2))
    expect(await values()).toEqual([0, 1])
  })
})

test('the embedded database refuses a query beside an open transaction instead of waiting for ever', async () => {
  const database = await openEmbedded(directory)
  const db = createDb(database.pool)
  stopTime()
  const beside = transaction(db, async (tx) => {
    await sql`create table chairs (id int)`.execute(tx)
    const forgotten = sql`select 1`.execute(db)
    const waits = vi.waitUntil(() => database.pool.waitingCount === 1).then(() => vi.advanceTimersByTimeAsync(CONNECT_MS))
    await Promise.all([forgotten, waits])
  })
  await expect(beside).rejects.toMatchObject({ status: 503, code: 'server.overloaded' })
  vi.useRealTimers()
  const { rows } = await sql<{ made: string | null }>`select to_regclass('chairs') as made`.execute(db)
  expect(rows).toEqual([{ made: null }])
  await database.close()
})
