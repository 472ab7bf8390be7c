import { setTimeout as sleep } from 'node:timers/promises'

import { beforeAll, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, db, search } = await startTestApp()
const MOVIES = '/api/v1/movies'
const moderator = await as('moderator')
const ids = new Map<string, number>()

const films = [
  {
    title: 'Dune',
    release_year: 2021,
    duration_minutes: 155,
    directors: ['Denis Villeneuve'],
    cast: ['Timothée Chalamet'],
    poster_url: '/posters/dune.jpg',
    translations: { uk: { title: 'Дюна' }, ru: { title: 'Дюна', description: 'Пустынная планета Арракис.' } },
  },
  { title: 'Dune: Part Two', release_year: 2024, duration_minutes: 166, translations: { uk: { title: 'Дюна: Частина друга' } } },
  { title: 'The Sand', release_year: 2015, duration_minutes: 84, description: 'People on a dune.' },
  { title: 'Interstellar', release_year: 2014, duration_minutes: 169, translations: { uk: { title: 'Інтерстеллар' } } },
  {
    title: 'Hamlet',
    release_year: 1996,
    duration_minutes: 242,
    directors: ['Kenneth Branagh'],
    cast: ['Kenneth Branagh'],
    translations: { uk: { title: 'Гамлет' } },
  },
  { title: 'Amélie', release_year: 2001, duration_minutes: 122 },
  { title: 'Withdrawn dune', release_year: 1999, duration_minutes: 90, is_active: false },
]

beforeAll(async () => {
  for (const film of films) ids.set(film.title, (await moderator.post(MOVIES, film)).body.id)
})

const found = async (text: string, more = '') => {
  const { status, body } = await anonymous.get(`${MOVIES}?search=${encodeURIComponent(text)}${more}`)
  expect([status, body.total]).toEqual([200, body.items.length])
  return body.items.map(({ title }: { title: string }) => title)
}
const suggested = async (text: string, more = '') => {
  const { status, body } = await anonymous.get(`/api/v1/search/suggest?q=${encodeURIComponent(text)}${more}`)
  expect(status).toBe(200)
  return {
    movies: body.movies.map(({ title }: { title: string }) => title),
    people: body.people.map(({ name }: { name: string }) => name),
  }
}

test('the same film is found in each alphabet and spelling, the title itself first, then titles that begin so, then texts', async () => {
  const all = ['Dune', 'Dune: Part Two', 'The Sand']
  expect(await found('dune')).toEqual(all)
  for (const text of ['дюна', 'ДЮНА', 'dyuna', 'diuna', ' Дю́на '])
    expect([text, await found(text)]).toEqual([text, all.slice(0, 2)])
  for (const text of ['hamlet', 'gamlet', 'гамлет', 'ГАМЛЕТ']) expect([text, await found(text)]).toEqual([text, ['Hamlet']])
  for (const text of ['amelie', 'Amélie', 'AMÉLIE', 'ameli']) expect([text, await found(text)]).toEqual([text, ['Amélie']])
  expect(await found('arrakis')).toEqual(['Dune'])
})

test('words may come from the title and from people, in any order', async () => {
  expect(await found('villeneuve dune')).toEqual(['Dune'])
  expect(await found('chalamet denis')).toEqual(['Dune'])
  expect(await found('villeneuve hamlet')).not.toContain('Interstellar')
})

test('a slip of the finger is forgiven when nothing fits exactly', async () => {
  for (const text of ['intersteller', 'intrestellar', 'inerstelar', 'интерстелар'])
    expect([text, await found(text)]).toEqual([text, ['Interstellar']])
  for (const text of ['dume', 'dunne', 'duen'])
    expect([text, (await found(text)).slice(0, 2)]).toEqual([text, ['Dune', 'Dune: Part Two']])
  expect(await found('vilenev')).toEqual(['Dune'])
  expect(await found('qwxzv')).toEqual([])
})

test('a sort that is asked for comes before relevance, and pages of a ranked list do not overlap', async () => {
  expect(await found('dune', '&sort=oldest')).toEqual(['Dune', 'Dune: Part Two', 'The Sand'])
  expect(await found('dune', '&sort=title')).toEqual(['Dune', 'Dune: Part Two', 'The Sand'])
  expect(await found('dune', '&sort=-release_year')).toEqual(['Dune: Part Two', 'Dune', 'The Sand'])
  const pages = await Promise.all([1, 2, 3].map((page) => anonymous.get(`${MOVIES}?search=dune&size=1&page=${page}`)))
  expect(pages.map(({ body }) => [body.total, body.items[0].title])).toEqual([
    [3, 'Dune'],
    [3, 'Dune: Part Two'],
    [3, 'The Sand'],
  ])
})

test('a changed movie and a renamed person are found by the new name at once, and by the old one no more', async () => {
  const { body } = await moderator.post(MOVIES, {
    title: 'Kholodna',
    duration_minutes: 80,
    directors: ['Zhanna Pereimenovana'],
    cast: ['Kuzma Skriabin'],
  })
  expect(await found('pereimenovana')).toEqual(['Kholodna'])
  expect(await found('скрябин')).toEqual(['Kholodna'])
  await moderator.put(`/api/v1/directors/${body.directors[0].id}`, { name: 'Oksana Bohuslavska' })
  expect(await found('pereimenovana')).toEqual([])
  expect(await found('богуславська')).toEqual(['Kholodna'])
  expect((await suggested('bohus')).people).toEqual(['Oksana Bohuslavska'])
  await moderator.patch(`${MOVIES}/${body.id}`, { title: 'Spekotna' })
  expect([await found('kholodna'), await found('спекотна')]).toEqual([[], ['Spekotna']])
})

test('a rename and a change of the movie at the same moment are both found afterwards, many times over', async () => {
  let met = 0
  for (let round = 0; round < 20; round += 1) {
    const { body } = await moderator.post(MOVIES, { title: `Quorum ${round}`, duration_minutes: 80, cast: [`Vexler ${round}`] })
    const [title, name] = [`Zyxwut${round}zq`, `Mnbvcx${round}zq`]
    const ended: string[] = []
    const rename = moderator.put(`/api/v1/stars/${body.stars[0].id}`, { name }).then(() => ended.push('person'))
    await sleep(round % 10)
    await Promise.all([moderator.patch(`${MOVIES}/${body.id}`, { title }).then(() => ended.push('movie')), rename])
    if (ended[0] === 'person') met += 1
    const { everything } = await db
      .selectFrom('movie_search')
      .select('everything')
      .where('movie_id', '=', body.id)
      .executeTakeFirstOrThrow()
    expect(everything).toContain(`zixwut${round}zq`)
    expect(everything).toContain(`mnbvcx${round}zq`)
  }
  expect(met).toBeGreaterThan(0)
  expect(met).toBeLessThan(20)
})

test('movies and people that came by another way are added by the next fill, once', async () => {
  await search.fill()
  const movie = await db
    .insertInto('movies')
    .values({ title: 'Підпільний кіносеанс', duration_minutes: 70 })
    .returning('id')
    .executeTakeFirstOrThrow()
  const star = await db.insertInto('stars').values({ name: 'Явдоха Прихована' }).returning('id').executeTakeFirstOrThrow()
  await db.insertInto('movie_stars').values({ movie_id: movie.id, star_id: star.id, position: 1 }).execute()
  expect(await found('кіносеанс')).toEqual([])
  expect(await search.fill()).toBe(2)
  expect(await search.fill()).toBe(0)
  expect(await found('кіносеанс')).toEqual(['Підпільний кіносеанс'])
  expect(await found('yavdokha')).toEqual(['Підпільний кіносеанс'])
  await db.updateTable('movie_search').set({ folding: 0, titles: '', everything: '' }).where('movie_id', '=', movie.id).execute()
  expect(await search.fill()).toBe(1)
  expect(await found('кіносеанс')).toEqual(['Підпільний кіносеанс'])
})

test('a few letters suggest active movies and people, whoever directs and plays once', async () => {
  const { body } = await anonymous.get('/api/v1/search/suggest?q=du')
  expect(body.movies).toEqual([
    { id: ids.get('Dune'), title: 'Dune', release_year: 2021, poster_url: '/posters/dune.jpg' },
    { id: ids.get('Dune: Part Two'), title: 'Dune: Part Two', release_year: 2024, poster_url: null },
  ])
  expect(await suggested('дю')).toMatchObject({ movies: ['Dune', 'Dune: Part Two'] })
  expect(await suggested('part t')).toEqual({ movies: ['Dune: Part Two'], people: [] })
  expect(await suggested('brana')).toEqual({ movies: [], people: ['Kenneth Branagh'] })
  expect((await anonymous.get('/api/v1/search/suggest?q=brana')).body.people).toMatchObject([
    { director_id: expect.any(Number), star_id: expect.any(Number) },
  ])
  expect((await suggested('Шаламе')).people).toEqual(['Timothée Chalamet'])
  expect((await suggested('interstal')).movies).toEqual(['Interstellar'])
  expect((await suggested('du', '&limit=1')).movies).toEqual(['Dune'])
})

test('signs that mean something to the database suggest nothing else', async () => {
  for (const text of ['%%', '__', '\\\\', "' or 1=1 --", '🎬🎬', 'ьь', '  '])
    expect([text, await suggested(text)]).toEqual([text, { movies: [], people: [] }])
})

test('a suggestion without two characters, with unknown parameters or too long a text is refused', async () => {
  for (const query of ['', 'q=', 'q=d', `q=${'x'.repeat(101)}`, 'q=du&limit=0', 'q=du&limit=21', 'q=du&size=5', 'text=du'])
    expect([query, (await anonymous.get(`/api/v1/search/suggest?${query}`)).status]).toEqual([query, 422])
})

test('while a film begins as typed, people with merely similar names are not offered; without one they are', async () => {
  const cast = ['Diane Keaton', 'Cameron Diaz', 'Lee Sun-kyun', 'Duncan Jones']
  await moderator.post(MOVIES, { title: 'Strangers', duration_minutes: 90, cast })
  expect(await suggested('дюн')).toEqual({ movies: ['Dune', 'Dune: Part Two'], people: [] })
  expect(await suggested('dun')).toEqual({ movies: ['Dune', 'Dune: Part Two'], people: ['Duncan Jones'] })
  expect((await suggested('keatn')).people).toEqual(['Diane Keaton'])
})
