import { type CompiledQuery, type Expression, type InferResult, type RawBuilder, sql } from 'kysely'

import type { CertificationSummary } from '#modules/certifications/schemas.ts'
import type { GenreSummary } from '#modules/genres/schemas.ts'
import type { PersonSummary } from '#modules/people/schemas.ts'
import { createKeptQueries } from '#platform/db/kept.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { DB } from '#platform/db/types.gen.ts'
import { countFor, cursorKey, type CursorPage, cut, isUsualSize, type Order, orderBy } from '#platform/http/cursor.ts'
import { money } from '#platform/money.ts'
import type { SearchTerms } from '#platform/search-text.ts'
import { certificationNames } from './rules.ts'
import type { MovieSort, MovieTranslations } from './schemas.ts'

export type MovieFilters = {
  genre?: string
  year?: number
  year_from?: number
  year_to?: number
  certification?: string
  is_active: boolean
  search: SearchTerms | undefined
}

type Terms = Pick<SearchTerms, 'phrase' | 'patterns' | 'likeness'>
/** As many as a search has, or none. */
type Sought = { [Part in keyof Terms]?: Terms[Part] | undefined }
/** What a list is narrowed with; each has its place in the text of the query. */
type Values = Omit<MovieFilters, 'certification' | 'search'> & Sought & { certifications?: string[] | undefined }

const valuesOf = ({ certification, search, ...rest }: MovieFilters): Values => ({
  ...rest,
  certifications: certification === undefined ? undefined : certificationNames(certification),
  phrase: search?.phrase,
  patterns: search?.patterns,
  likeness: search?.likeness,
})

type Found = { movie_id: number; relevance: number }

/** The movies that a search finds, as a table (movie_id, relevance): titles and descriptions in each language, and people. */
export const foundBy = ({ phrase, patterns, likeness }: Terms): RawBuilder<Found> =>
  sql<Found>`app.movies_matching(${phrase}, ${patterns}::text[], ${likeness}::float8)`

const everything = sql<Found>`(select null::bigint as movie_id, 0::float8 as relevance)`

const hasGenre = (slug: string) =>
  sql<boolean>`m.id in (select l.movie_id from movie_genres l join genres g on g.id = l.genre_id where g.slug = ${slug})`

const hasCertification = (names: string[]) =>
  sql<boolean>`m.certification_id in (select id from certifications where name = any(${names}))`

const conditions = (values: Values): Expression<boolean>[] => {
  const { genre, year, year_from, year_to, certifications, is_active, phrase } = values
  const found: (RawBuilder<boolean> | false)[] = [
    sql<boolean>`m.is_active = ${is_active}`,
    genre !== undefined && hasGenre(genre),
    year !== undefined && sql<boolean>`m.release_year = ${year}`,
    year_from !== undefined && sql<boolean>`m.release_year >= ${year_from}`,
    year_to !== undefined && sql<boolean>`m.release_year <= ${year_to}`,
    certifications !== undefined && hasCertification(certifications),
    phrase !== undefined && sql<boolean>`m.id = f.movie_id`,
  ]
  return found.filter((condition) => condition !== false)
}

const from = (db: Db, found: RawBuilder<Found>) => db.selectFrom(['movies as m', found.as('f')])
const matching = (db: Db, values: Values) => {
  const { phrase, patterns, likeness } = values
  const isSearch = phrase !== undefined && patterns !== undefined && likeness !== undefined
  return from(db, isSearch ? foundBy({ phrase, patterns, likeness }) : everything).where((eb) => eb.and(conditions(values)))
}
const byIds = (db: Db, ids: number[]) => from(db, everything).where(sql<boolean>`m.id = any(${ids}::bigint[])`)

/**
 * What each link table adds to the movies of a page, read for all of them at once: looking it up for one movie after the
 * other costs twice as much.
 */
const linked = (link: string, named: string, id: string, shape: RawBuilder<unknown>) =>
  sql`(
  select l.movie_id, json_agg(${shape} order by l.position) as items
  from ${sql.table(link)} l join ${sql.table(named)} n on n.id = l.${sql.ref(id)}
  where l.movie_id = any(array(select id from p)) group by l.movie_id
)`

const person = sql`json_build_object('id', n.id, 'name', n.name)`
const genre = sql`json_build_object('id', n.id, 'slug', n.slug, 'name', n.name)`
type Linked<T> = { movie_id: number; items: T[] | null }
const genresOf = linked('movie_genres', 'genres', 'genre_id', genre) as RawBuilder<Linked<GenreSummary>>
const directorsOf = linked('movie_directors', 'directors', 'director_id', person) as RawBuilder<Linked<PersonSummary>>
const starsOf = linked('movie_stars', 'stars', 'star_id', person) as RawBuilder<Linked<PersonSummary>>

const certificationOf = sql<CertificationSummary | null>`(
  select json_build_object('id', c.id, 'name', c.name, 'min_age', c.min_age)
  from certifications c where c.id = m.certification_id
)`

/** Null before the first approved review. */
const ratingOf = sql<number | null>`(
  select round(r.ratings_sum::numeric / r.ratings_count, 1)::float8 from movie_scores r where r.movie_id = m.id and r.ratings_count > 0
)`

/** `offset 0` keeps them looked up by their ids: joined, the whole table may be read for a page. */
const movieOf = sql<DB['movies']>`(select * from movies where id = p.id offset 0)`

/** Takes the ids first, so that sorting carries no texts, and looks up their people and genres after: a page costs what a page shows. */
const shown = (db: Db, rows: ReturnType<typeof matching>) =>
  db
    .with(
      (cte) => cte('p').materialized(),
      () => rows.select(['m.id', 'f.relevance']),
    )
    .selectFrom('p')
    .innerJoinLateral(movieOf.as('m'), (join) => join.onTrue())
    .leftJoin(genresOf.as('g'), 'g.movie_id', 'p.id')
    .leftJoin(directorsOf.as('d'), 'd.movie_id', 'p.id')
    .leftJoin(starsOf.as('s'), 's.movie_id', 'p.id')
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
      'g.items as genres',
      'd.items as directors',
      's.items as stars',
    ])
    .select([
      certificationOf.as('certification'),
      sql<MovieTranslations>`m.translations`.as('translations'),
      ratingOf.as('rating'),
      money<number | null>('m.budget_minor').as('budget'),
      money<number | null>('m.gross_minor').as('gross'),
      money<number | null>('m.price_minor').as('price'),
    ])

type Links = { genres: GenreSummary[] | null; directors: PersonSummary[] | null; stars: PersonSummary[] | null }

/** Says in short, too, whom and what a movie is linked with. */
const inShort = <Row extends Links>(row: Row) => {
  const [genres, directors, stars] = [row.genres ?? [], row.directors ?? [], row.stars ?? []]
  return Object.assign(row, {
    genres,
    genre: genres[0]?.slug ?? null,
    directors,
    director: directors.length > 0 ? directors.map(({ name }) => name).join(', ') : null,
    stars,
    cast: stars.map(({ name }) => name),
  })
}

const byId = { by: sql`m.id`, as: 'integer' } as const
/** What no movie can have, above and below; the indexes say the same. */
const LAST = {
  release_year: sql`coalesce(m.release_year, 9999)`,
  imdb_rating: sql`coalesce(m.imdb_rating, 99)`,
  price: sql`coalesce(m.price_minor, 1000000000000000)`,
}
const LAST_FALLING = {
  release_year: sql`coalesce(m.release_year, 0)`,
  imdb_rating: sql`coalesce(m.imdb_rating, -1)`,
  price: sql`coalesce(m.price_minor, -1)`,
}
const KINDS = { release_year: 'integer', imdb_rating: 'decimal', price: 'integer' } as const

/** Movies without a value come last either way. */
export const orderOf = (sort: MovieSort): Order => {
  if (sort === 'newest' || sort === 'oldest') return { keys: [byId], falling: sort === 'newest' }
  const falling = sort.startsWith('-')
  const name = (falling ? sort.slice(1) : sort) as 'title' | keyof typeof KINDS
  if (name === 'title') return { keys: [{ by: sql`m.title`, as: 'text' }, byId], falling }
  return { keys: [{ by: (falling ? LAST_FALLING : LAST)[name], as: KINDS[name] }, byId], falling }
}

type Paged = Values & { offset?: number | undefined }

const bestFirst = createKeptQueries((db, _shape: 'best', { size, offset, ...values }: Paged & { size: number }) =>
  shown(
    db,
    matching(db, values)
      .orderBy(sql`f.relevance desc, m.id desc`)
      .limit(size)
      .$if(offset !== undefined, (rows) => rows.offset(offset ?? 0)),
  ).orderBy(sql`p.relevance desc, m.id desc`),
)

const inOrder = (db: Db, values: Values, sort: MovieSort, page: Pick<CursorPage, 'after' | 'offset' | 'size'>) => {
  const order = orderOf(sort)
  return shown(db, cut(matching(db, values), order, page))
    .select(cursorKey(order))
    .orderBy(orderBy(order))
}

/** Without `after`, whose keys are of many kinds, and of a usual size: others would make too many texts to keep. */
const usualPage = createKeptQueries((db, { sort, size }: { sort: MovieSort; size: number }, { offset = 0, ...values }: Paged) =>
  inOrder(db, values, sort, { after: undefined, offset, size }),
)

const rowsOf = (db: Db, values: Values, sort: MovieSort | undefined, page: CursorPage) => {
  const { size, after } = page
  const paged = { ...values, offset: page.offset === 0 ? undefined : page.offset }
  if (sort === undefined) return bestFirst(db, 'best', { ...paged, size })
  const isUsual = after === undefined && isUsualSize(size)
  return isUsual ? usualPage(db, { sort, size }, paged) : inOrder(db, values, sort, page).execute()
}

/** Without a sort what fits a search best comes first. */
export const listMovies = async (db: Db, filters: MovieFilters, sort: MovieSort | undefined, page: CursorPage) => {
  const values = valuesOf(filters)
  const [rows, total] = await Promise.all([rowsOf(db, values, sort, page), countFor(db, matching(db, values), page)])
  return [rows.map(inShort), total] as const
}

const shownByIds = (db: Db, ids: number[]) => shown(db, byIds(db, ids))
type Shown = InferResult<ReturnType<typeof shownByIds>>[number]
let compiled: CompiledQuery<Shown> | undefined

/** Putting the statement into words anew costs this process as much as answering with a movie. */
export const findMovies = async (db: Db, ids: number[]) => {
  compiled ??= shownByIds(db, []).compile()
  return (await db.executeQuery<Shown>({ ...compiled, parameters: [ids] })).rows.map(inShort)
}
export const findMovie = async (db: Db, id: number) => (await findMovies(db, [id]))[0]
