import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { ReportFormat, ReportKind } from '#platform/db/types.gen.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'

const viewOf = (db: Db) =>
  db
    .selectFrom('reports')
    .select(['id', 'kind', 'format', 'cinema_id', 'status', 'error', 'requested_by', 'created_at', 'generated_at'])
    .select([
      sql<string>`from_day::text`.as('from'),
      sql<string>`to_day::text`.as('to'),
      sql<number | null>`octet_length(content)`.as('size_bytes'),
    ])

type Cinemas = readonly number[] | null

/** Of no cinema but these; who works everywhere reads all. */
const speaksOf = (cinemaIds: Cinemas) =>
  sql<boolean>`(${cinemaIds}::bigint[] is null or reports.cinema_ids <@ ${cinemaIds}::bigint[])`

export const findReport = (db: Db, id: number, cinemaIds: Cinemas) =>
  viewOf(db).where('id', '=', id).where(speaksOf(cinemaIds)).executeTakeFirst()

/** What its maker must know. */
export const findOrder = (db: Db, id: number) => viewOf(db).select('cinema_ids').where('id', '=', id).executeTakeFirst()

export const newestFirst: Order = { keys: [{ by: sql`reports.id`, as: 'integer' }], falling: true }

export const listReports = (db: Db, cinemaIds: Cinemas, page: CursorPage) =>
  Promise.all([
    cut(viewOf(db).where(speaksOf(cinemaIds)).select(cursorKey(newestFirst)), newestFirst, page).execute(),
    countFor(db, db.selectFrom('reports').where(speaksOf(cinemaIds)), page),
  ])

type NewReport = {
  kind: ReportKind
  format: ReportFormat
  /** Which cinemas it speaks of; null is all. */
  cinema_ids: readonly number[] | null
  from_day: string
  to_day: string
  cinema_id: number | null
  requested_by: number
}

export const insertReport = (db: Db, { from_day, to_day, cinema_ids, ...report }: NewReport) =>
  db
    .insertInto('reports')
    .values({
      ...report,
      cinema_ids: cinema_ids && [...cinema_ids],
      from_day: sql`${from_day}::date`,
      to_day: sql`${to_day}::date`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()

export const knowsCinema = async (db: Db, id: number): Promise<boolean> =>
  (await db.selectFrom('cinemas').select('id').where('id', '=', id).executeTakeFirst()) !== undefined

export const findContent = (db: Db, id: number, cinemaIds: Cinemas) =>
  viewOf(db).select('content').where('id', '=', id).where(speaksOf(cinemaIds)).executeTakeFirst()

type Ending = { status: 'done'; content: string } | { status: 'failed'; error: string }

/** The first ending stands: a job that runs twice finds nothing left to write. */
export const endReport = (db: Db, id: number, ending: Ending) =>
  db
    .updateTable('reports')
    .set({ ...ending, generated_at: sql<Date>`app.now()` })
    .where('id', '=', id)
    .where('status', '=', sql<'pending'>`'pending'`)
    .execute()

/** Reports that are still waited for long after their job gave up or was lost. */
export const findForgotten = async (db: Db, quietSeconds: number, limit: number) => {
  const rows = await db
    .updateTable('reports')
    .set({ updated_at: sql<Date>`app.now()` })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('reports')
        .select('id')
        .where('status', '=', sql<'pending'>`'pending'`)
        .where(sql<boolean>`updated_at < app.now() - make_interval(secs => ${quietSeconds})`)
        .orderBy('updated_at')
        .limit(limit),
    )
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** By the index on their age. */
export const deleteOld = async (db: Db, keptDays: number, limit: number): Promise<number> => {
  const { rows } = await sql`
    delete from reports where id = any(array(
      select id from reports where created_at < app.now() - make_interval(days => ${keptDays}::integer) order by created_at limit ${limit}
    )) returning id`.execute(db)
  return rows.length
}
