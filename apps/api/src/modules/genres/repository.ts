import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Page } from '#platform/http/pagination.ts'

const columns = ['id', 'slug', 'name', 'created_at', 'updated_at'] as const

/** Leaves out the few that are not active, which is a tenth of the work of looking up the many that are. */
const moviesCount = sql<number>`(
  select count(*) from movie_genres l
  where l.genre_id = genres.id and l.movie_id not in (select m.id from movies m where not m.is_active)
)`.as('movies_count')

export const listGenres = (db: Db, { size, offset }: Page) =>
  db.selectFrom('genres').select(columns).select(moviesCount).orderBy('name').limit(size).offset(offset).execute()

export const countGenres = async (db: Db) =>
  (
    await db
      .selectFrom('genres')
      .select(sql<number>`count(*)`.as('total'))
      .executeTakeFirstOrThrow()
  ).total

/** Of all movies, those that are not active too. */
export const countMovies = async (db: Db, id: number) =>
  (
    await db
      .selectFrom('movie_genres')
      .select(sql<number>`count(*)`.as('total'))
      .where('genre_id', '=', id)
      .executeTakeFirstOrThrow()
  ).total

export const deleteGenre = async (db: Db, id: number): Promise<boolean> =>
  (await db.deleteFrom('genres').where('id', '=', id).returning('id').executeTakeFirst()) !== undefined

export const findGenre = (db: Db, id: number) =>
  db.selectFrom('genres').select(columns).select(moviesCount).where('id', '=', id).executeTakeFirst()

/** Kept until the transaction ends, so that the movie which is about to name them can. */
export const holdGenres = (tx: Db, slugs: string[]) =>
  tx.selectFrom('genres').select(['id', 'slug']).where('slug', 'in', slugs).orderBy('id').forKeyShare().execute()

export type GenreColumns = { slug: string; name: string }

export const insertGenre = (db: Db, genre: GenreColumns) =>
  db.insertInto('genres').values(genre).returning(columns).returning(moviesCount).executeTakeFirstOrThrow()

export const updateGenre = (db: Db, id: number, changes: Partial<GenreColumns>) =>
  db
    .updateTable('genres')
    .set({ ...changes, updated_at: sql<Date>`app.now()` })
    .where('id', '=', id)
    .returning(columns)
    .returning(moviesCount)
    .executeTakeFirst()
