import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, db, pool } = await startTestApp()
const MOVIES = '/api/v1/movies'
const moderator = await as('moderator')

for (const [slug, name] of [
  ['drama', 'Drama'],
  ['sci_fi', 'Science fiction'],
  ['comedy', 'Comedy'],
])
  await moderator.post('/api/v1/genres', { slug, name })
const { body: twelve } = await moderator.post('/api/v1/certifications', { name: '12+', min_age: 12 })

const add = (fields: object = {}) => moderator.post(MOVIES, { title: 'Stalker', duration_minutes: 162, ...fields })
const count = async (table: 'movies' | 'stars' | 'directors' | 'movie_stars') =>
  (
    await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
  ).n

const solaris = {
  title: ' Solaris ',
  original_title: 'Солярис',
  description: 'A psychologist is sent to a station above a thinking ocean.',
  duration_minutes: 167,
  genres: ['sci_fi', 'drama'],
  directors: ['Andrei Tarkovsky'],
  producer: 'Viacheslav Tarasov',
  cast: ['Natalya Bondarchuk', 'Donatas Banionis'],
  release_year: 1972,
  certification: '12+',
  price: 79.9,
  imdb_rating: 7.9,
  imdb_votes: 101_000,
  meta_score: 93,
  budget: 1_000_000,
  gross: 22_168.05,
  poster_url: '/media/solaris.webp',
  trailer_url: 'https://example.org/watch?v=1&t=2',
  translations: { uk: { title: 'Соляріс', description: 'Океан мислить.' } },
}

test('R-035, R-036: a moderator adds a movie with all it has, and everybody reads the same back', async () => {
  const { status, body } = await add(solaris)
  expect(status).toBe(201)
  const { genres: _g, directors: _d, certification: _c, ...plain } = solaris
  expect(body).toMatchObject({
    ...plain,
    title: 'Solaris',
    genre: 'sci_fi',
    director: 'Andrei Tarkovsky',
    rating: null,
    is_active: true,
    certification_id: twelve.id,
    certification: { id: twelve.id, name: '12+', min_age: 12 },
    genres: [
      { slug: 'sci_fi', name: 'Science fiction' },
      { slug: 'drama', name: 'Drama' },
    ],
    directors: [{ name: 'Andrei Tarkovsky' }],
    stars: [{ name: 'Natalya Bondarchuk' }, { name: 'Donatas Banionis' }],
  })
  expect(Object.keys(body).length).toBe(24 + 5)
  expect(body.uuid).toMatch(/^[0-9a-f-]{36}$/)
  expect(await anonymous.get(`${MOVIES}/${body.id}`)).toMatchObject({ status: 200, body })
  const row = await db
    .selectFrom('movies')
    .select(['price_minor', 'budget_minor', 'gross_minor'])
    .where('id', '=', body.id)
    .executeTakeFirst()
  expect(row).toEqual({ price_minor: 7990, budget_minor: 100_000_000, gross_minor: 2_216_805 })
})

test('a title and a length are enough for a movie', async () => {
  const { status, body } = await add({ title: 'Untitled project' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    original_title: null,
    description: '',
    genre: null,
    genres: [],
    director: null,
    directors: [],
    producer: null,
    cast: [],
    stars: [],
    release_year: null,
    certification_id: null,
    certification: null,
    rating: null,
    imdb_rating: null,
    imdb_votes: null,
    meta_score: null,
    budget: null,
    gross: null,
    price: null,
    poster_url: null,
    trailer_url: null,
    translations: {},
  })
})

test('short forms: one genre, directors divided by commas, stars, the id of a certification', async () => {
  const { body } = await add({
    title: 'Short',
    genre: 'comedy',
    director: 'Joel Coen,  Ethan Coen, ',
    stars: ['Jeff Bridges', ' Jeff  Bridges '],
    certification_id: twelve.id,
  })
  expect(body).toMatchObject({
    genre: 'comedy',
    director: 'Joel Coen, Ethan Coen',
    cast: ['Jeff Bridges'],
    certification: { name: '12+' },
  })
  const { body: same } = await add({ title: 'Same people', directors: ['Ethan Coen'], cast: ['Jeff Bridges'] })
  expect(same).toMatchObject({ directors: [body.directors[1]], stars: body.stars })
})

test('R-035, R-148: what a movie cannot be is refused with the field', async () => {
  const refused = async (fields: object, pointer: string, code?: string) => {
    const { status, body } = await add(fields)
    expect([status, body.errors[0].pointer, code ?? body.errors[0].code]).toEqual([422, pointer, body.errors[0].code])
  }
  await refused({ title: undefined }, '/title', 'request.missing_field')
  await refused({ title: ' \n ' }, '/title')
  await refused({ title: 'x'.repeat(301) }, '/title')
  await refused({ title: null }, '/title')
  await refused({ duration_minutes: 0 }, '/duration_minutes')
  await refused({ duration_minutes: 1001 }, '/duration_minutes')
  await refused({ duration_minutes: '90' }, '/duration_minutes')
  await refused({ release_year: 1887 }, '/release_year')
  await refused({ imdb_rating: 10.1 }, '/imdb_rating')
  await refused({ imdb_rating: 7.77 }, '/imdb_rating', 'movies.rating_too_precise')
  await refused({ imdb_votes: 2_147_483_648 }, '/imdb_votes')
  await refused({ meta_score: 101 }, '/meta_score')
  await refused({ price: -1 }, '/price')
  await refused({ budget: 0.001 }, '/budget', 'money.too_precise')
  await refused({ genre: 'western' }, '/genre', 'movies.unknown_genre')
  await refused({ genres: ['drama', 'western'] }, '/genres/1', 'movies.unknown_genre')
  await refused({ certification: '13+' }, '/certification', 'movies.unknown_certification')
  await refused({ certification_id: 999_999 }, '/certification_id', 'movies.unknown_certification')
  await refused({ certification: '12+', certification_id: twelve.id }, '/certification', 'movies.said_twice')
  await refused({ cast: ['A'], stars: ['B'] }, '/cast', 'movies.said_twice')
  await refused({ cast: ['A', ' '] }, '/cast/1')
  await refused({ director: 'x'.repeat(201) }, '/director', 'movies.name_too_long')
  await refused({ translations: { de: { title: 'Titel' } } }, '/translations/de', 'request.unknown_field')
  await refused({ translations: { uk: { description: 'Без назви' } } }, '/translations/uk/title')
  await refused({ rating: 10 }, '/rating', 'request.unknown_field')
  expect(await count('movies')).toBe(4)
})

test('a poster or a trailer is a web address or a path of this site, never a script or another host in disguise', async () => {
  const hostile = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example',
    String.raw`/\evil.example`,
    '/\t/evil.example',
    'posters/1.webp',
    '',
    'https://',
    'https:///evil.example',
    'http://a b',
    'https://x/"><script>',
    '/a\u0000b',
    'ftp://x/y',
  ]
  for (const url of hostile)
    for (const field of ['poster_url', 'trailer_url'])
      expect(await add({ title: `Hostile ${url}`.slice(0, 50).replaceAll('\u0000', ''), [field]: url })).toMatchObject({
        status: 422,
      })
  for (const url of ['/', '/плакати/тіні.webp', 'http://localhost:9000/a', 'https://example.org/плакат-🎬.png?x=%20#y'])
    expect(await add({ title: `Fine ${url}`, poster_url: url })).toMatchObject({ status: 201, body: { poster_url: url } })
})

test('texts may be long, in any script, with signs of any kind; what cannot be stored is refused', async () => {
  for (const title of [
    '🎬'.repeat(300),
    'x'.repeat(300),
    `100% _real_ \\ 'quoted' "twice" <b>bold</b> {{x}}`,
    'Тіні забутих предків',
    '影',
  ])
    expect(await add({ title, cast: [title.slice(0, 20)], translations: { uk: { title } } })).toMatchObject({
      status: 201,
      body: { title, translations: { uk: { title, description: '' } } },
    })
  for (const fields of [
    { title: 'N\u0000UL' },
    { cast: ['N\u0000UL'] },
    { producer: '\u0000' },
    { translations: { en: { title: '\u0000' } } },
  ])
    expect(await add({ title: 'Zero', ...fields })).toMatchObject({ status: 422, body: { code: 'request.unstorable_text' } })
  const half =
    '"title":"half \\ud83c","cast":["\\ud83c star"],"translations":{"en":{"title":"half \\ud83c"}},"duration_minutes":9'
  const json = { 'content-type': 'application/json' }
  expect(await moderator.post(MOVIES, `{${half}}`, json)).toMatchObject({
    status: 201,
    body: { title: 'half \ufffd', cast: ['\ufffd star'] },
  })
})

test('R-177: title, year and length together are unique, also where the year is unknown', async () => {
  const first = await add({ title: 'Twin', release_year: 1999 })
  expect(await add({ title: '  Twin  ', release_year: 1999 })).toMatchObject({ status: 409, body: { code: 'movies.duplicate' } })
  expect(await add({ title: 'Twin', release_year: 2000 })).toMatchObject({ status: 201 })
  expect(await add({ title: 'Twin', release_year: 1999, duration_minutes: 163 })).toMatchObject({ status: 201 })
  const third = await add({ title: 'Twin' })
  expect(await add({ title: 'Twin', cast: ['Not kept'] })).toMatchObject({ status: 409, body: { code: 'movies.duplicate' } })
  expect(await moderator.put(`${MOVIES}/${third.body.id}`, { release_year: 1999 })).toMatchObject({
    status: 409,
    body: { code: 'movies.duplicate' },
  })
  expect((await anonymous.get('/api/v1/stars?search=Not%20kept')).body.total).toBe(0)
  expect(await anonymous.get(`${MOVIES}/${first.body.id}`)).toMatchObject({ body: { release_year: 1999 } })
})

test.each(['put', 'patch'] as const)('%s changes what it names and leaves the rest', async (verb) => {
  const { body } = await add({ ...solaris, title: `Changed by ${verb}` })
  const change = async (fields: object) => (await moderator[verb](`${MOVIES}/${body.id}`, fields)).body
  const { updated_at: _, ...before } = body
  expect(await change({})).toMatchObject(before)
  expect(await change({ description: 'Shorter.', price: 0 })).toMatchObject({ ...before, description: 'Shorter.', price: 0 })
  expect(
    await change({ genres: ['drama', 'sci_fi'], cast: ['Donatas Banionis', 'Natalya Bondarchuk', 'Anatoly Solonitsyn'] }),
  ).toMatchObject({
    genre: 'drama',
    genres: body.genres.toReversed(),
    cast: ['Donatas Banionis', 'Natalya Bondarchuk', 'Anatoly Solonitsyn'],
    director: 'Andrei Tarkovsky',
  })
  expect(
    await change({
      genre: null,
      cast: [],
      director: null,
      certification: null,
      price: null,
      original_title: ' ',
      poster_url: null,
    }),
  ).toMatchObject({
    genre: null,
    genres: [],
    cast: [],
    stars: [],
    director: null,
    directors: [],
    certification: null,
    certification_id: null,
    price: null,
    original_title: null,
    poster_url: null,
  })
  expect(await change({ translations: { ru: { title: 'Солярис', description: 'О' } } })).toMatchObject({
    translations: { uk: body.translations.uk, ru: { title: 'Солярис' } },
  })
  expect((await change({ translations: { uk: null, en: { title: 'Solaris' } } })).translations).toEqual({
    ru: { title: 'Солярис', description: 'О' },
    en: { title: 'Solaris', description: '' },
  })
  const refused = { title: ' ', genres: ['western'], certification: '99+', trailer_url: 'javascript:1', id: 1, is_active: 'no' }
  for (const [field, value] of Object.entries(refused))
    expect(await moderator[verb](`${MOVIES}/${body.id}`, { [field]: value })).toMatchObject({ status: 422 })
  expect(await moderator[verb](`${MOVIES}/999999`, { price: 1 })).toMatchObject({
    status: 404,
    body: { code: 'movies.not_found' },
  })
})

test('a movie that is not active any more is shown to whoever has its address', async () => {
  const { body } = await add({ title: 'Retired' })
  await moderator.patch(`${MOVIES}/${body.id}`, { is_active: false })
  expect(await anonymous.get(`${MOVIES}/${body.id}`)).toMatchObject({ status: 200, body: { title: 'Retired', is_active: false } })
  expect(await anonymous.get(`${MOVIES}/999999`)).toMatchObject({ status: 404, body: { code: 'movies.not_found' } })
  expect(await anonymous.get(`${MOVIES}/nonsense`)).toMatchObject({ status: 422 })
})

test('R-004, R-035, R-037: moderators, managers and admins write movies; visitors, guests, customers and cashiers do not', async () => {
  const { body } = await add({ title: 'Guarded' })
  for (const [person, status] of [
    [anonymous, 401],
    [await as('customer'), 403],
    [await as('cashier'), 403],
  ] as const) {
    expect(await person.post(MOVIES, { title: 'Mine', duration_minutes: 1 })).toMatchObject({ status })
    expect(await person.put(`${MOVIES}/${body.id}`, { title: 'Mine' })).toMatchObject({ status })
    expect(await person.patch(`${MOVIES}/${body.id}`, { title: 'Mine' })).toMatchObject({ status })
  }
  for (const role of ['moderator', 'manager', 'admin'] as const)
    expect(await (await as(role)).patch(`${MOVIES}/${body.id}`, { producer: role })).toMatchObject({
      status: 200,
      body: { title: 'Guarded', producer: role },
    })
})

/** The most connections in use at one time, to know that rivals really met. */
const watchBusy = () => {
  const seen = { most: 0 }
  pool.on('acquire', () => {
    seen.most = Math.max(seen.most, pool.totalCount - pool.idleCount)
  })
  return seen
}

test('when many people add the same movie at once, one does and the others are told', async () => {
  const busy = watchBusy()
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => add({ title: 'Raced', release_year: 2024, cast: ['Raced Star'] })),
  )
  expect(replies.map((reply) => reply.status).toSorted()).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
  expect(busy.most).toBeGreaterThan(1)
  expect((await anonymous.get('/api/v1/stars?search=Raced%20Star')).body.total).toBe(1)
})

test('when many movies name the same new people at once, each person is added once and every movie has them', async () => {
  const attempts = async () => Number((await pool.query('select last_value from stars_id_seq')).rows[0].last_value)
  const [before, stars] = [await attempts(), await count('stars')]
  for (let round = 0; round < 5; round += 1) {
    const cast = Array.from({ length: 10 }, (_, n) => `Newcomer ${round}-${n}`)
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) => add({ title: `Ensemble ${round}-${n}`, cast: n % 2 ? cast : cast.toReversed() })),
    )
    expect(replies.map(({ status, body }) => [status, body.cast.length])).toEqual(replies.map(() => [201, 10]))
  }
  const added = (await count('stars')) - stars
  expect(added).toBe(50)
  // Only a name that a rival wrote first costs a number and adds no row.
  expect((await attempts()) - before).toBeGreaterThan(added)
})

test('when two people replace the cast of one movie at once, one whole cast stands', async () => {
  const { body } = await add({ title: 'Recast' })
  const casts = [['A', 'B', 'C'], ['C', 'B', 'D'], ['E'], ['B', 'A']]
  for (let round = 0; round < 5; round += 1) {
    const replies = await Promise.all(casts.map((cast) => moderator.patch(`${MOVIES}/${body.id}`, { cast })))
    expect(replies.map(({ status, body: { cast } }) => [status, cast])).toEqual(casts.map((cast) => [200, cast]))
    expect(casts).toContainEqual((await anonymous.get(`${MOVIES}/${body.id}`)).body.cast)
  }
})
