import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'

export type PersonTable = 'directors' | 'stars'

const columns = ['id', 'name', 'created_at', 'updated_at'] as const

/** Where movies name them, and their key there and in what a search compares. */
const MOVIES = {
  directors: ['movie_directors', 'director_id'],
  stars: ['movie_stars', 'star_id'],
} as const

/** `pattern` is looked for in names as they are written, `patterns` in all alphabets, where the name has been folded. */
export type NameSearch = { pattern: string; patterns: string[] | undefined }

const isNamed = (table: PersonTable, { pattern, patterns }: NameSearch) =>
  sql<boolean>`(name ilike ${pattern} or id in (
    select ${sql.ref(MOVIES[table][1])} from person_search where names like all (${patterns}::text[])))`

const matching = (db: Db, table: PersonTable, search: NameSearch | undefined) =>
  search === undefined ? db.selectFrom(table) : db.selectFrom(table).where(isNamed(table, search))

/** No two have the same name. */
export const byName: Order = { keys: [{ by: sql`name`, as: 'text' }], falling: false }

export const listPeople = (db: Db, table: PersonTable, search: NameSearch | undefined, page: CursorPage) =>
  Promise.all([
    cut(matching(db, table, search).select(columns).select(cursorKey(byName)), byName, page).execute(),
    countFor(db, matching(db, table, search), page),
  ])

export const findPerson = (db: Db, table: PersonTable, id: number) =>
  db.selectFrom(table).select(columns).where('id', '=', id).executeTakeFirst()

/** Of all movies, those that are not active too. */
export const countMovies = async (db: Db, table: PersonTable, id: number) => {
  const [links, column] = MOVIES[table]
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from ${sql.table(links)} where ${sql.ref(column)} = ${id}`.execute(db)
  return rows[0]?.total ?? 0
}

export const deletePerson = async (db: Db, table: PersonTable, id: number): Promise<boolean> =>
  (await db.deleteFrom(table).where('id', '=', id).returning('id').executeTakeFirst()) !== undefined

/** By the names as they were wanted, in any case. Kept until the transaction ends, so that a movie can name them. */
export const holdByName = async (tx: Db, table: PersonTable, names: string[]) => {
  const { rows } = await sql<{ id: number; asked: string }>`
    select p.id, w.name as asked from unnest(${names}::text[]) as w (name) join ${sql.table(table)} p on lower(p.name) = lower(w.name)
    order by p.id for key share of p`.execute(tx)
  return rows
}

export const insertPerson = (db: Db, table: PersonTable, name: string) =>
  db.insertInto(table).values({ name }).returning(columns).executeTakeFirstOrThrow()

/** Sorted, so that two movies with the same newcomers wait for each other in one order. */
export const insertNewcomers = (tx: Db, table: PersonTable, names: string[]) =>
  sql`insert into ${sql.table(table)} (name) select name from unnest(${names}::text[]) as w (name)
    order by lower(name), name on conflict do nothing`.execute(tx)

export const updatePerson = (db: Db, table: PersonTable, id: number, changes: { name?: string }) =>
  db
    .updateTable(table)
    .set({ ...changes, updated_at: sql<Date>`app.now()` })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
