import { type RawBuilder, sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { MovieColumns } from './rules.ts'

export type MovieRow = MovieColumns & { certification_id: number | null | undefined }

const merged = (translations: string | undefined, into: RawBuilder<unknown>) =>
  translations === undefined ? undefined : sql<string>`jsonb_strip_nulls(${into} || ${translations}::jsonb)`

export const insertMovie = async (tx: Db, movie: MovieRow & { title: string; duration_minutes: number }) => {
  const translations = merged(movie.translations, sql`'{}'::jsonb`)
  const { id } = await tx
    .insertInto('movies')
    .values({ ...movie, translations })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Always writes the row, so that two changes of one movie's links wait for each other. */
export const updateMovie = async (tx: Db, id: number, movie: MovieRow): Promise<boolean> => {
  const translations = merged(movie.translations, sql`movies.translations`)
  const changes = { ...movie, translations, updated_at: sql<Date>`app.now()` }
  return (await tx.updateTable('movies').set(changes).where('id', '=', id).returning('id').executeTakeFirst()) !== undefined
}

const LINKS = {
  genres: ['movie_genres', 'genre_id'],
  directors: ['movie_directors', 'director_id'],
  stars: ['movie_stars', 'star_id'],
} as const

export const replaceLinks = async (tx: Db, movieId: number, kind: keyof typeof LINKS, ids: number[]) => {
  const [table, column] = LINKS[kind]
  await sql`delete from ${sql.table(table)} where movie_id = ${movieId}`.execute(tx)
  await sql`insert into ${sql.table(table)} (movie_id, ${sql.ref(column)}, position)
    select ${movieId}::bigint, id, place from unnest(${ids}::bigint[]) with ordinality as wanted (id, place)`.execute(tx)
}

export const listSummaries = (db: Db, ids: number[]) =>
  db
    .selectFrom('movies as m')
    .leftJoin('certifications as c', 'c.id', 'm.certification_id')
    .select(['m.id', 'm.title', 'm.duration_minutes', 'm.poster_url', 'm.is_active', 'c.name as certification'])
    .where('m.id', 'in', ids)
    .execute()

export type MovieSummary = Awaited<ReturnType<typeof listSummaries>>[number]

export const findForSchedule = (db: Db, id: number) =>
  db.selectFrom('movies').select(['id', 'title', 'duration_minutes', 'is_active']).where('id', '=', id).executeTakeFirst()

/** No session joins it and nobody else changes or deletes it until the transaction ends. */
export const lockMovie = async (tx: Tx, id: number): Promise<boolean> =>
  (await tx.selectFrom('movies').select('id').where('id', '=', id).forUpdate().executeTakeFirst()) !== undefined

export const deleteMovie = (tx: Tx, id: number) => tx.deleteFrom('movies').where('id', '=', id).execute()

export const deactivateMovie = (tx: Tx, id: number) =>
  tx
    .updateTable('movies')
    .set({ is_active: false, updated_at: sql<Date>`app.now()` })
    .where('id', '=', id)
    .where('is_active', '=', true)
    .execute()

export type Identity = { title: string; release_year: number | null; duration_minutes: number }

export const findByIdentity = (db: Db, { title, release_year, duration_minutes }: Identity) =>
  db
    .selectFrom('movies')
    .select(['id', 'description', 'is_active'])
    .where('title', '=', title)
    .where('release_year', 'is not distinct from', release_year)
    .where('duration_minutes', '=', duration_minutes)
    .executeTakeFirst()

/** Nothing when there is a movie of this title, year and length. */
export const insertUnlessKnown = (tx: Db, movie: Identity & { description: string }) =>
  tx
    .insertInto('movies')
    .values(movie)
    .onConflict((conflict) => conflict.columns(['title', 'release_year', 'duration_minutes']).doNothing())
    .returning(['id', 'description', 'is_active'])
    .executeTakeFirst()

export const rewriteMovie = (tx: Db, id: number, changes: Partial<Identity> & { description?: string }) =>
  tx.updateTable('movies').set(changes).where('id', '=', id).execute()

export type ScoreChange = { ratings_count: number; ratings_sum: number }

/** Adds to what the row holds by then, so that reviews of one movie wait for each other here and none is lost. */
export const addToScore = async (tx: Db, movieId: number, { ratings_count, ratings_sum }: ScoreChange): Promise<void> => {
  await sql`insert into movie_scores (movie_id) values (${movieId}) on conflict do nothing`.execute(tx)
  await sql`
    update movie_scores set ratings_count = ratings_count + ${ratings_count}, ratings_sum = ratings_sum + ${ratings_sum}
     where movie_id = ${movieId}`.execute(tx)
}
