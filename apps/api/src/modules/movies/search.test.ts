import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { createMoviesService } from './service.ts'

const { anonymous, as, db, pool } = await startTestApp()
const MOVIES = '/api/v1/movies'
const moderator = await as('moderator')
const ids = new Map<string, number>()

const films = [
  {
    title: 'Earth',
    original_title: 'Земля',
    release_year: 1930,
    duration_minutes: 76,
    genres: ['drama'],
    directors: ['Oleksandr Dovzhenko'],
    cast: ['Stepan Shkurat'],
    certification: '6+',
    imdb_rating: 7.2,
    price: 10,
    translations: { uk: { title: 'Земля', description: 'Поля, яблука і новий трактор.' } },
  },
  {
    title: 'Shadows of Forgotten Ancestors',
    release_year: 1965,
    duration_minutes: 97,
    genres: ['drama', 'romance'],
    directors: ['Sergei Parajanov'],
    cast: ['Ivan Mykolaichuk'],
    certification: '12+',
    imdb_rating: 7.8,
    price: 30,
    translations: { uk: { title: 'Тіні забутих предків' }, ru: { title: 'Тени забытых предков' } },
  },
  {
    title: '100% Wolf',
    release_year: 2020,
    duration_minutes: 96,
    genres: ['comedy'],
    certification: '6+',
    description: 'A heir is more poodle_than_wolf.',
    price: 20,
  },
  { title: 'Back\\slash 🎬', duration_minutes: 5, genres: ['comedy', 'drama'] },
  { title: 'Withdrawn', release_year: 1965, duration_minutes: 80, is_active: false, genres: ['drama'] },
]

beforeAll(async () => {
  for (const name of ['drama', 'romance', 'comedy', 'western']) await moderator.post('/api/v1/genres', { name })
  for (const name of ['6+', '12+']) await moderator.post('/api/v1/certifications', { name })
  for (const film of films) ids.set(film.title, (await moderator.post(MOVIES, film)).body.id)
})

const titles = async (query: Record<string, string | number | boolean>, path = MOVIES) => {
  const asked = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
  const { status, body } = await anonymous.get(`${path}?${asked.join('&')}`)
  expect([status, body.total]).toEqual([200, body.items.length])
  return body.items.map((movie: { title: string }) => movie.title.slice(0, 9).trim())
}

test('the list shows active movies, the newest first, each as its own page shows it', async () => {
  expect(await titles({})).toEqual(['Back\\slas', '100% Wolf', 'Shadows o', 'Earth'])
  const { body } = await anonymous.get(MOVIES)
  for (const movie of body.items) expect((await anonymous.get(`${MOVIES}/${movie.id}`)).body).toEqual(movie)
})

test('R-034: is_active says which movies are listed', async () => {
  expect(await titles({ is_active: false })).toEqual(['Withdrawn'])
  expect(await titles({ is_active: true })).toHaveLength(4)
})

test('R-034: genre, year, span of years and certification narrow the list together', async () => {
  expect(await titles({ genre: 'drama' })).toEqual(['Back\\slas', 'Shadows o', 'Earth'])
  expect(await titles({ genre: 'western' })).toEqual([])
  expect(await titles({ genre: 'no_such' })).toEqual([])
  expect(await titles({ year: 1965 })).toEqual(['Shadows o'])
  expect(await titles({ year_from: 1930, year_to: 1965 })).toEqual(['Shadows o', 'Earth'])
  expect(await titles({ year_from: 1966 })).toEqual(['100% Wolf'])
  expect(await titles({ year_from: 2000, year_to: 1999 })).toEqual([])
  expect(await titles({ certification: '6+' })).toEqual(['100% Wolf', 'Earth'])
  expect(await titles({ certification: '6+', genre: 'drama', year: 1930, search: 'earth' })).toEqual(['Earth'])
})

test('the plus of 6+ may come as it is, although an address takes it for a space', async () => {
  expect(await anonymous.get(`${MOVIES}?certification=6+`)).toMatchObject({ status: 200, body: { total: 2 } })
})

test('R-034: a search looks at titles in each language, descriptions, directors and stars, whatever the case', async () => {
  const finds = async (searches: string[], movies: string[]) =>
    expect(await Promise.all(searches.map((search) => titles({ search })))).toEqual(searches.map(() => movies))
  await finds(['earth', 'EARTH', 'Земля', 'яблука', 'DOVZHENKO', 'shkurat'], ['Earth'])
  await finds(['Тіні', 'забытых', 'of forgotten', 'parajanov', 'ivan myk'], ['Shadows o'])
  await finds(['Earth Земля', 'dovzhenko earth', 'zemlya', 'Dovzenko', 'erth'], ['Earth'])
  await finds(['title', '{', "' or 1=1 --", 'ь', 'x'.repeat(300), '🎬'.repeat(300)], [])
  for (const search of ['', '   ']) expect(await titles({ search })).toHaveLength(4)
})

test('a search finds Cyrillic letters whatever the case, also where the database knows only Latin ones', async () => {
  expect(await titles({ search: 'ЗЕМЛЯ' })).toEqual(['Earth'])
  expect(await titles({ search: 'тІНІ забуТИХ' })).toEqual(['Shadows o'])
})

test('signs that mean something to the database mean themselves', async () => {
  expect(await titles({ search: '%' })).toEqual(['100% Wolf'])
  expect(await titles({ search: '_' })).toEqual(['100% Wolf'])
  expect(await titles({ search: '\\' })).toEqual(['Back\\slas'])
  expect(await titles({ search: '\\%' })).toEqual([])
  expect(await titles({ search: '🎬' })).toEqual(['Back\\slas'])
  expect(await anonymous.get(`${MOVIES}?search=%00`)).toMatchObject({ status: 422, body: { code: 'request.unstorable_text' } })
  expect(await anonymous.get(`${MOVIES}?genre=%00`)).toMatchObject({ status: 422 })
})

test('the list is sorted as asked, and movies without the value come last', async () => {
  expect(await titles({ sort: 'oldest' })).toEqual(['Earth', 'Shadows o', '100% Wolf', 'Back\\slas'])
  expect(await titles({ sort: 'title' })).toEqual(['100% Wolf', 'Back\\slas', 'Earth', 'Shadows o'])
  expect(await titles({ sort: '-title' })).toEqual(['Shadows o', 'Earth', 'Back\\slas', '100% Wolf'])
  expect(await titles({ sort: 'release_year' })).toEqual(['Earth', 'Shadows o', '100% Wolf', 'Back\\slas'])
  expect(await titles({ sort: '-release_year' })).toEqual(['100% Wolf', 'Shadows o', 'Earth', 'Back\\slas'])
  expect((await titles({ sort: '-imdb_rating' })).slice(0, 2)).toEqual(['Shadows o', 'Earth'])
  expect(await titles({ sort: 'price' })).toEqual(['Earth', '100% Wolf', 'Shadows o', 'Back\\slas'])
  expect((await titles({ sort: '-price' }))[3]).toBe('Back\\slas')
})

test('R-034: the list is read by pages or by steps, never both', async () => {
  expect((await anonymous.get(`${MOVIES}?sort=title&page=2&size=3`)).body).toMatchObject({
    total: 4,
    page: 2,
    size: 3,
    pages: 2,
    items: [{ title: films[1]?.title }],
  })
  expect((await anonymous.get(`${MOVIES}?sort=title&skip=1&limit=2`)).body.items).toMatchObject([
    { title: films[3]?.title },
    { title: 'Earth' },
  ])
  expect((await anonymous.get(`${MOVIES}?page=9&size=3`)).body).toMatchObject({ total: 4, items: [] })
  expect(await anonymous.get(`${MOVIES}?page=1&limit=3`)).toMatchObject({ status: 422, body: { code: 'pagination.mixed' } })
})

test('a filter that nobody knows is refused, so that a typo does not list everything', async () => {
  for (const query of [
    'gnere=drama',
    'year=abc',
    'year=1',
    'year_from=99999999999',
    'is_active=maybe',
    'sort=price;drop',
    'sort=',
    'size=101',
    'size=0',
    'skip=-1',
    `search=${'x'.repeat(301)}`,
    'genre=a&genre=b',
    'genre=',
    'certification=',
    'age=many',
  ])
    expect([query, (await anonymous.get(`${MOVIES}?${query}`)).status]).toEqual([query, 422])
})

test('a genre lists its movies, with the same filters', async () => {
  const { body } = await anonymous.get('/api/v1/genres')
  const drama = body.items.find((genre: { slug: string }) => genre.slug === 'drama')
  const path = `/api/v1/genres/${drama.id}/movies`
  expect(await titles({}, path)).toHaveLength(drama.movies_count)
  expect(await titles({ year: 1930 }, path)).toEqual(['Earth'])
  expect(await anonymous.get('/api/v1/genres/999999/movies')).toMatchObject({ status: 404, body: { code: 'genres.not_found' } })
  expect(await anonymous.get(`${path}?genre=comedy`)).toMatchObject({ status: 422 })
})

test('a page of movies that is not kept yet costs two queries, however many it shows', async () => {
  let queries = 0
  const count = () => {
    queries += 1
  }
  pool.on('acquire', count)
  await anonymous.get(`${MOVIES}?size=41`)
  pool.off('acquire', count)
  expect(queries).toBe(2)
})

test('what sessions ask: a short summary of several movies, and what a schedule needs of one', async () => {
  const movies = createMoviesService({ db } as never)
  const [earth = 0, wolf = 0, gone = 0] = ['Earth', '100% Wolf', 'Withdrawn'].map((title) => ids.get(title) ?? 0)
  const summaries = await movies.summaries([earth, wolf, earth, 999_999])
  expect([...summaries.keys()].toSorted((a, b) => a - b)).toEqual([earth, wolf])
  expect(summaries.get(earth)).toEqual({
    id: earth,
    title: 'Earth',
    duration_minutes: 76,
    poster_url: null,
    is_active: true,
    certification: '6+',
  })
  expect(await movies.summaries([])).toEqual(new Map())
  expect(await movies.forSchedule(gone)).toEqual({ id: gone, title: 'Withdrawn', duration_minutes: 80, is_active: false })
  expect(await movies.forSchedule(999_999)).toBeUndefined()
})

test('what other lists join: the movies that a text finds, and how well they fit', async () => {
  const movies = createMoviesService({ db } as never)
  const found = movies.foundBy('земля')
  if (!found) throw new Error('Nothing to look for.')
  const { rows } = await sql<{ title: string }>`
    select m.title from ${found} f join movies m on m.id = f.movie_id order by f.relevance desc`.execute(db)
  expect(rows).toEqual([{ title: 'Earth' }])
  expect([movies.foundBy(''), movies.foundBy('ь')]).toEqual([undefined, undefined])
})
