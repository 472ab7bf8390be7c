import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import { FOLDING, searchLines, type SearchTerms } from '#platform/search-text.ts'

export type Trade = 'directors' | 'stars'

type Source = { id: number; titles: (string | null)[]; people: string[]; descriptions: (string | null)[] }

/** Movies wait here for each other, so that a change of the movie and a new name of a person are both in the last text. */
const lockMovies = (tx: Tx, ids: number[]) =>
  sql`select from movies where id = any(${ids}::bigint[]) order by id for no key update`.execute(tx)

const readMovies = async (tx: Tx, ids: number[]): Promise<Source[]> => {
  const { rows } = await sql<Source>`
    select m.id, array[m.title, m.original_title] || coalesce(t.titles, '{}') as titles, array[m.description] || coalesce(t.descriptions, '{}') as descriptions,
      array(select d.name from movie_directors l join directors d on d.id = l.director_id where l.movie_id = m.id order by l.position)
        || array(select s.name from movie_stars l join stars s on s.id = l.star_id where l.movie_id = m.id order by l.position) as people
    from movies m
    left join lateral (
      select array_agg(value ->> 'title') as titles, array_agg(value ->> 'description') as descriptions from jsonb_each(m.translations)
    ) t on true
    where m.id = any(${ids}::bigint[])`.execute(tx)
  return rows
}

/** Writes anew what a search compares of these movies, in the transaction that changed them. */
export const indexMovies = async (tx: Tx, ids: number[]): Promise<void> => {
  if (ids.length === 0) return
  await lockMovies(tx, ids)
  const rows = (await readMovies(tx, ids)).map(({ id, titles, people, descriptions }) => ({
    movie_id: id,
    titles: searchLines(titles),
    people: searchLines(people),
    everything: searchLines([...titles, ...people, ...descriptions]),
  }))
  await sql`
    insert into movie_search (movie_id, titles, people, everything, folding)
    select movie_id, titles, people, everything, ${FOLDING}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (movie_id bigint, titles text, people text, everything text)
    on conflict (movie_id) do update set titles = excluded.titles, people = excluded.people, everything = excluded.everything,
      folding = excluded.folding, updated_at = app.now()`.execute(tx)
}

const KEYS = { directors: 'director_id', stars: 'star_id' } as const

export const indexPeople = async (tx: Tx, trade: Trade, people: { id: number; name: string }[]): Promise<void> => {
  const key = sql.ref(KEYS[trade])
  const rows = people.map(({ id, name }) => ({ id, names: searchLines([name]) }))
  await sql`
    insert into person_search (${key}, names, folding)
    select id, names, ${FOLDING} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id bigint, names text)
    on conflict (${key}) do update set names = excluded.names, folding = excluded.folding`.execute(tx)
}

export const moviesOf = async (tx: Tx, trade: Trade, ids: number[]): Promise<number[]> => {
  const { rows } = await sql<{ movie_id: number }>`
    select distinct movie_id from ${sql.table(`movie_${trade}`)} where ${sql.ref(KEYS[trade])} = any(${ids}::bigint[])`.execute(
    tx,
  )
  return rows.map(({ movie_id }) => movie_id)
}

/** Movies that came otherwise than through the API, or were folded by an older release. */
export const findUnindexedMovies = async (db: Db, most: number): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`
    select m.id from movies m left join movie_search s on s.movie_id = m.id
    where s.folding is distinct from ${FOLDING} order by m.id limit ${most}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Locked, so that a new name given meanwhile is not overwritten by the one read here. */
export const lockUnindexedPeople = async (tx: Tx, trade: Trade, most: number): Promise<{ id: number; name: string }[]> => {
  const { rows } = await sql<{ id: number; name: string }>`
    select p.id, p.name from ${sql.table(trade)} p
    where not exists (select from person_search s where s.${sql.ref(KEYS[trade])} = p.id and s.folding = ${FOLDING})
    order by p.id limit ${most} for update`.execute(tx)
  return rows
}

/** `is_guess`: no title has a word that begins so, this one is only similar. */
export type FoundMovie = { id: number; title: string; release_year: number | null; poster_url: string | null; is_guess: boolean }

/** What begins as typed is worth at least this to app.fit(); what is similar never reaches it. */
const BEGINS_SO = 2

export const suggestMovies = async (db: Db, { phrase, prefix, likeness }: SearchTerms, most: number): Promise<FoundMovie[]> => {
  const { rows } = await sql<FoundMovie>`
    select m.id, m.title, m.release_year, m.poster_url, f.relevance < ${BEGINS_SO} as is_guess
    from app.movies_suggested(${phrase}, ${prefix}, ${likeness}::float8, ${most}::integer) f join movies m on m.id = f.movie_id
    order by f.relevance desc, m.id desc`.execute(db)
  return rows
}

export type FoundPerson = { name: string; director_id: number | null; star_id: number | null }

/** Who both directs and plays stands in both tables and is named once. */
export const suggestPeople = async (db: Db, { phrase, prefix, likeness }: SearchTerms, most: number): Promise<FoundPerson[]> => {
  const { rows } = await sql<FoundPerson>`
    select coalesce(d.name, s.name) as name, max(f.director_id) as director_id, max(f.star_id) as star_id
    from app.people_suggested(${phrase}, ${prefix}, ${likeness}::float8, ${most * 2}::integer) f
    left join directors d on d.id = f.director_id left join stars s on s.id = f.star_id
    group by 1 order by max(f.relevance) desc, 1 limit ${most}`.execute(db)
  return rows
}
