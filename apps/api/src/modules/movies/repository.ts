import { type Expression, type RawBuilder, sql } from 'kysely'

import type { CertificationSummary } from '#modules/certifications/schemas.ts'
import type { GenreSummary } from '#modules/genres/schemas.ts'
import { containing } from '#modules/people/rules.ts'
import type { PersonSummary } from '#modules/people/schemas.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Page } from '#platform/http/pagination.ts'
import { money } from '#platform/money.ts'
import { certificationNames, type MovieColumns, orderOf } from './rules.ts'
import type { MovieSort, MovieTranslations } from './schemas.ts'

export type MovieFilters = {
  genre?: string
  year?: number
  year_from?: number
  year_to?: number
  certification?: string
  is_active: boolean
  search: string
}

/** Everything a reader may type: titles and descriptions in each language, and the people. */
const mentions = (pattern: string) => sql<boolean>`(
  m.title ilike ${pattern} or m.original_title ilike ${pattern} or m.description ilike ${pattern}
  or exists (
    select from jsonb_each(m.translations) t
    where t.value ->> 'title' ilike ${pattern} or t.value ->> 'description' ilike ${pattern}
  )
  or m.id in (select l.movie_id from movie_directors l join directors d on d.id = l.director_id where d.name ilike ${pattern})
  or m.id in (select l.movie_id from movie_stars l join stars s on s.id = l.star_id where s.name ilike ${pattern})
)`

const hasGenre = (slug: string) =>
  sql<boolean>`m.id in (select l.movie_id from movie_genres l join genres g on g.id = l.genre_id where g.slug = ${slug})`

const hasCertification = (name: string) =>
  sql<boolean>`m.certification_id in (select id from certifications where name = any(${certificationNames(name)}))`

const conditions = (filters: MovieFilters): Expression<boolean>[] => {
  const { genre, year, year_from, year_to, certification, is_active, search } = filters
  const found: (RawBuilder<boolean> | false)[] = [
    sql<boolean>`m.is_active = ${is_active}`,
    genre !== undefined && hasGenre(genre),
    year !== undefined && sql<boolean>`m.release_year = ${year}`,
    year_from !== undefined && sql<boolean>`m.release_year >= ${year_from}`,
    year_to !== undefined && sql<boolean>`m.release_year <= ${year_to}`,
    certification !== undefined && hasCertification(certification),
    search !== '' && mentions(containing(search)),
  ]
  return found.filter((condition) => condition !== false)
}

const matching = (db: Db, filters: MovieFilters) => db.selectFrom('movies as m').where((eb) => eb.and(conditions(filters)))
const oneMovie = (db: Db, id: number) => db.selectFrom('movies as m').where('m.id', '=', id)

/** What each link table adds to the few movies that are shown: a list of what it names, and that list in short. */
const genresOf = sql<{ genres: GenreSummary[]; genre: string | null }>`(
  select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'slug', g.slug, 'name', g.name) order by l.position), '[]') as genres,
         (array_agg(g.slug order by l.position))[1] as genre
  from movie_genres l join genres g on g.id = l.genre_id where l.movie_id = m.id
)`.as('of_genres')

const directorsOf = sql<{ directors: PersonSummary[]; director: string | null }>`(
  select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name) order by l.position), '[]') as directors,
         string_agg(d.name, ', ' order by l.position) as director
  from movie_directors l join directors d on d.id = l.director_id where l.movie_id = m.id
)`.as('of_directors')

const starsOf = sql<{ stars: PersonSummary[]; cast: string[] }>`(
  select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by l.position), '[]') as stars,
         coalesce(array_agg(s.name order by l.position), '{}') as "cast"
  from movie_stars l join stars s on s.id = l.star_id where l.movie_id = m.id
)`.as('of_stars')

const certificationOf = sql<CertificationSummary | null>`(
  select jsonb_build_object('id', c.id, 'name', c.name, 'min_age', c.min_age)
  from certifications c where c.id = m.certification_id
)`

/** Takes the rows first and looks up their people and genres after, so that a page costs what a page shows. */
const shown = (db: Db, rows: ReturnType<typeof matching>) =>
  db
    .selectFrom(rows.selectAll('m').as('m'))
    .crossJoinLateral(genresOf)
    .crossJoinLateral(directorsOf)
    .crossJoinLateral(starsOf)
    .select([
      'm.id',
      'm.uuid',
      'm.title',
      'm.original_title',
      'm.description',
      'm.duration_minutes',
      'm.producer',
      'm.release_year',
      'm.certification_id',
      'm.imdb_rating',
      'm.imdb_votes',
      'm.meta_score',
      'm.poster_url',
      'm.trailer_url',
      'm.is_active',
      'm.created_at',
      'm.updated_at',
      'genre',
      'genres',
      'director',
      'directors',
      'cast',
      'stars',
    ])
    .select([
      certificationOf.as('certification'),
      sql<MovieTranslations>`m.translations`.as('translations'),
      sql<number | null>`null::float8`.as('rating'),
      money<number | null>('m.budget_minor').as('budget'),
      money<number | null>('m.gross_minor').as('gross'),
      money<number | null>('m.price_minor').as('price'),
    ])

export const listMovies = (db: Db, filters: MovieFilters, sort: MovieSort, { size, offset }: Page) => {
  const { column, falling } = orderOf(sort)
  const direction = sql.raw(falling ? 'desc' : 'asc')
  const byId = sql`m.id ${direction}`
  const order = column === 'id' ? byId : sql`${sql.ref(`m.${column}`)} ${direction} nulls last, ${byId}`
  return shown(db, matching(db, filters).orderBy(order).limit(size).offset(offset)).orderBy(order).execute()
}

export const countMovies = async (db: Db, filters: MovieFilters) =>
  (
    await matching(db, filters)
      .select(sql<number>`count(*)`.as('total'))
      .executeTakeFirstOrThrow()
  ).total

export const findMovie = (db: Db, id: number) => shown(db, oneMovie(db, id)).executeTakeFirst()

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
