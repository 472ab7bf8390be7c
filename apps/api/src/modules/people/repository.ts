import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Page } from '#platform/http/pagination.ts'

export type PersonTable = 'directors' | 'stars'

const columns = ['id', 'name', 'created_at', 'updated_at'] as const

const matching = (db: Db, table: PersonTable, pattern: string | undefined) =>
  db.selectFrom(table).$if(pattern !== undefined, (query) => query.where('name', 'ilike', pattern as string))

export const listPeople = (db: Db, table: PersonTable, pattern: string | undefined, { size, offset }: Page) =>
  matching(db, table, pattern).select(columns).orderBy('name').limit(size).offset(offset).execute()

export const countPeople = async (db: Db, table: PersonTable, pattern: string | undefined) =>
  (
    await matching(db, table, pattern)
      .select(sql<number>`count(*)`.as('total'))
      .executeTakeFirstOrThrow()
  ).total

export const findPerson = (db: Db, table: PersonTable, id: number) =>
  db.selectFrom(table).select(columns).where('id', '=', id).executeTakeFirst()

/** Kept until the transaction ends, so that the movie which is about to name them can. */
export const holdByName = (tx: Db, table: PersonTable, names: string[]) =>
  tx.selectFrom(table).select(['id', 'name']).where('name', 'in', names).orderBy('name').forKeyShare().execute()

export const insertPerson = (db: Db, table: PersonTable, name: string) =>
  db.insertInto(table).values({ name }).returning(columns).executeTakeFirstOrThrow()

/** Sorted, so that two movies with the same newcomers wait for each other in one order. */
export const insertNewcomers = (tx: Db, table: PersonTable, names: string[]) =>
  tx
    .insertInto(table)
    .values(names.toSorted().map((name) => ({ name })))
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()

export const updatePerson = (db: Db, table: PersonTable, id: number, changes: { name?: string }) =>
  db
    .updateTable(table)
    .set({ ...changes, updated_at: sql<Date>`app.now()` })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
