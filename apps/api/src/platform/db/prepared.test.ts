import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openTestDatabase } from '#testing/database.ts'
import { openTestEmbedded } from '#testing/embedded.ts'
import { createDb, type Db, transaction } from './kysely.ts'
import type { DatabaseHandle } from './pool.ts'

const directory = mkdtempSync(join(tmpdir(), 'marquee-prepared-'))
afterAll(() => rmSync(directory, { recursive: true }))

const ONE_CONNECTION = 1
const databases: [string, () => Promise<DatabaseHandle>][] = [
  ['PostgreSQL', () => openTestDatabase(ONE_CONNECTION)],
  ['the embedded database', () => openTestEmbedded(directory)],
]

describe.each(databases)('what is asked often on %s', (_name, open) => {
  let database: DatabaseHandle
  let db: Db
  beforeAll(async () => {
    database = await open()
    db = createDb(database.pool)
    await database.pool.query('create table films (id int, title text)')
    await database.pool.query(`insert into films values (1, 'Dune')`)
  })
  afterAll(() => database.close())

  const film = (id: number, on: Db = db) => sql`select * from films where id = ${id}`.execute(on)
  const prepared = async (like: string) => {
    const { rows } = await database.pool.query('select statement from pg_prepared_statements where statement like $1', [like])
    return rows.length
  }
  const askOften = async (ask: () => Promise<unknown>) => {
    for (let times = 0; times < 20; times += 1) await ask()
  }

  test('is planned once, and what is asked once is not kept', async () => {
    await film(1)
    expect(await prepared('select * from films%')).toBe(0)
    await askOften(() => film(1))
    expect(await prepared('select * from films%')).toBe(1)
    expect((await film(1)).rows).toEqual([{ id: 1, title: 'Dune' }])
    expect((await film(2)).rows).toEqual([])
  })

  test('still answers after a migration beside it, outside a transaction and within one', async () => {
    await database.pool.query('alter table films add column year int')
    expect((await film(1)).rows).toEqual([{ id: 1, title: 'Dune', year: null }])

    const withTitle = (tx: Db) => sql`select f.* from films f where title = ${'Dune'}`.execute(tx)
    await askOften(() => withTitle(db))
    await database.pool.query('alter table films add column length int')
    const { rows } = await transaction(db, (tx) => withTitle(tx))
    expect(rows).toEqual([{ id: 1, title: 'Dune', year: null, length: null }])
  })

  test('does not fill the server’s memory, however many different questions come', async () => {
    for (let width = 1; width <= 350; width += 1) {
      const ask = () => sql`select ${sql.raw(`'${'x'.repeat(width)}'`)} as text where ${1} = 1`.execute(db)
      for (let times = 0; times < 6; times += 1) await ask()
    }
    expect(await prepared('%')).toBeGreaterThan(250)
    expect(await prepared('%')).toBeLessThanOrEqual(310)
  })
})
