import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import movies from './data/movies.json' with { type: 'json' }
import posters from './data/posters.json' with { type: 'json' }

const genres = {
  action: 'Action',
  comedy: 'Comedy',
  drama: 'Drama',
  horror: 'Horror',
  romance: 'Romance',
  sci_fi: 'Science fiction',
  thriller: 'Thriller',
  documentary: 'Documentary',
  animation: 'Animation',
  fantasy: 'Fantasy',
}

const certifications = { '0+': 0, '6+': 6, '12+': 12, '16+': 16, '18+': 18 }

const posterOf = (slug: string) => `/media/posters/${posters[slug as keyof typeof posters].file}`

/** The columns hold the English texts, `translations` the others. */
const rows = movies.map(({ uk, ru, ...movie }) => ({ ...movie, translations: { uk, ru }, poster_url: posterOf(movie.slug) }))

const insertTerms = async (db: Db) => {
  await sql`insert into genres (slug, name) select key, value from jsonb_each_text(${JSON.stringify(genres)}::jsonb)
            on conflict do nothing`.execute(db)
  await sql`insert into certifications (name, min_age)
            select key, value::smallint from jsonb_each_text(${JSON.stringify(certifications)}::jsonb)
            on conflict do nothing`.execute(db)
}

const insertMovies = (db: Db) =>
  sql`
    insert into movies (title, original_title, description, translations, duration_minutes, release_year, certification_id,
                        poster_url)
    select m.title, m.original_title, m.description, m.translations, m.minutes, m.year, c.id, m.poster_url
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as m (title text, original_title text, description text, translations jsonb,
              minutes integer, year integer, certification text, poster_url text)
      left join certifications c on c.name = m.certification
    on conflict do nothing`.execute(db)

type Link = { names: 'genres' | 'directors' | 'stars'; key: 'slug' | 'name'; table: string; id: string }

const links: Link[] = [
  { names: 'genres', key: 'slug', table: 'movie_genres', id: 'genre_id' },
  { names: 'directors', key: 'name', table: 'movie_directors', id: 'director_id' },
  { names: 'stars', key: 'name', table: 'movie_stars', id: 'star_id' },
]

const insertPeople = async (db: Db) => {
  for (const names of ['directors', 'stars'] as const)
    await sql`insert into ${sql.table(names)} (name) select distinct jsonb_array_elements_text(m -> ${sql.lit(names)})
                from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) m on conflict do nothing`.execute(db)
}

const insertLinks = async (db: Db, { names, key, table, id }: Link) => {
  const wanted = movies.map(({ title, year, minutes, ...movie }) => ({ title, year, minutes, names: movie[names] }))
  await sql`
    insert into ${sql.table(table)} (movie_id, ${sql.ref(id)}, position)
    select movie.id, linked.id, given.position
      from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as m (title text, year integer, minutes integer, names jsonb)
      cross join lateral jsonb_array_elements_text(m.names) with ordinality as given (name, position)
      join movies movie on movie.title = m.title and movie.release_year = m.year and movie.duration_minutes = m.minutes
      join ${sql.table(names)} linked on linked.${sql.ref(key)} = given.name
    on conflict do nothing`.execute(db)
}

/** Thirty films with their people; what an operator already has under the same name is used as it is. */
export const seedCatalogue = async (db: Db): Promise<void> => {
  await insertTerms(db)
  await insertMovies(db)
  await insertPeople(db)
  for (const link of links) await insertLinks(db, link)
}
