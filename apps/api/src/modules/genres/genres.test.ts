import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, db } = await startTestApp()
const GENRES = '/api/v1/genres'
const moderator = await as('moderator')

test('R-150 a new cinema begins with ten genres', async () => {
  const { status, body } = await anonymous.get(GENRES)
  expect(status).toBe(200)
  expect(body).toMatchObject({ total: 10, page: 1, size: 20, pages: 1 })
  expect(body.items.map(({ slug }: { slug: string }) => slug).toSorted()).toEqual([
    'action',
    'animation',
    'comedy',
    'documentary',
    'drama',
    'fantasy',
    'horror',
    'romance',
    'sci_fi',
    'thriller',
  ])
})

test('R-088 a moderator adds a genre and everybody sees it in the list', async () => {
  const { status, body } = await moderator.post(GENRES, { name: ' Silent  film ', slug: 'silent' })
  expect(status).toBe(201)
  expect(body).toMatchObject({ slug: 'silent', name: 'Silent film', movies_count: 0 })
  expect((await anonymous.get(GENRES)).body.items).toContainEqual(body)
  expect(await anonymous.get(`${GENRES}/${body.id}`)).toMatchObject({ status: 200, body })
})

test('a genre without a slug gets one from its name, and is asked for one when the name has no Latin letters', async () => {
  expect(await moderator.post(GENRES, { name: 'Film noir & crime!' })).toMatchObject({
    status: 201,
    body: { slug: 'film_noir_crime' },
  })
  expect(await moderator.post(GENRES, { name: 'Жахи' })).toMatchObject({
    status: 422,
    body: { code: 'genres.slug_needed', errors: [{ pointer: '/slug' }] },
  })
  expect(await moderator.post(GENRES, { name: 'Жахи 👻', slug: 'fright' })).toMatchObject({
    status: 201,
    body: { name: 'Жахи 👻' },
  })
})

test('names and slugs of genres are unique, also for two people at once', async () => {
  const replies = await Promise.all(Array.from({ length: 6 }, () => moderator.post(GENRES, { name: 'Western' })))
  expect(replies.map((reply) => reply.status).toSorted()).toEqual([201, 409, 409, 409, 409, 409])
  expect(await moderator.post(GENRES, { name: 'Western', slug: 'west' })).toMatchObject({
    status: 409,
    body: { code: 'genres.name_taken' },
  })
  expect(await moderator.post(GENRES, { name: 'Westerns', slug: 'western' })).toMatchObject({
    status: 409,
    body: { code: 'genres.slug_taken' },
  })
  const { body } = await moderator.post(GENRES, { name: 'Eastern' })
  expect(await moderator.put(`${GENRES}/${body.id}`, { name: 'Western' })).toMatchObject({
    status: 409,
    body: { code: 'genres.name_taken' },
  })
  expect(await moderator.put(`${GENRES}/${body.id}`, { slug: 'western' })).toMatchObject({
    status: 409,
    body: { code: 'genres.slug_taken' },
  })
})

test('a genre is renamed and keeps what was left out', async () => {
  const { body } = await moderator.post(GENRES, { name: 'Noire', slug: 'noir' })
  expect(await moderator.put(`${GENRES}/${body.id}`, { name: 'Noir' })).toMatchObject({
    status: 200,
    body: { id: body.id, name: 'Noir', slug: 'noir' },
  })
  expect(await moderator.patch(`${GENRES}/${body.id}`, {})).toMatchObject({ status: 200, body: { name: 'Noir', slug: 'noir' } })
  expect(await moderator.put(`${GENRES}/999999`, { name: 'Nothing' })).toMatchObject({
    status: 404,
    body: { code: 'genres.not_found' },
  })
  expect(await anonymous.get(`${GENRES}/999999`)).toMatchObject({ status: 404, body: { code: 'genres.not_found' } })
})

test('R-088 a genre has one name, however it is spaced and whatever its case', async () => {
  for (const name of ['drama', ' DRAMA ', 'Science   FICTION'])
    expect(await moderator.post(GENRES, { name, slug: 'another' })).toMatchObject({
      status: 409,
      body: { code: 'genres.name_taken' },
    })
  const { body } = await moderator.post(GENRES, { name: 'musical' })
  expect(await moderator.patch(`${GENRES}/${body.id}`, { name: 'Musical' })).toMatchObject({
    status: 200,
    body: { name: 'Musical' },
  })
})

test('R-088 a genre goes when no movie has it, and until then says how many have', async () => {
  const { body: genre } = await moderator.post(GENRES, { name: 'Peplum' })
  const movie = { title: 'Cabiria', duration_minutes: 148, genre: 'peplum', is_active: false }
  const { body: cabiria } = await moderator.post('/api/v1/movies', movie)
  const remove = () => moderator.delete(`${GENRES}/${genre.id}`)
  expect(await remove()).toMatchObject({ status: 409, body: { code: 'genres.in_use', movies_count: 1 } })
  await moderator.patch(`/api/v1/movies/${cabiria.id}`, { genres: [] })
  expect(await Promise.all([remove(), remove()]).then((replies) => replies.map(({ status }) => status).toSorted())).toEqual([
    204, 404,
  ])
  expect(await anonymous.get(`${GENRES}/${genre.id}`)).toMatchObject({ status: 404 })
  expect(await remove()).toMatchObject({ status: 404, body: { code: 'genres.not_found' } })
})

test('each genre says how many active movies it has', async () => {
  const [{ body: one }, { body: other }] = [
    await moderator.post(GENRES, { name: 'Counted' }),
    await moderator.post(GENRES, { name: 'Not counted' }),
  ]
  for (const [title, is_active] of [
    ['Shown', true],
    ['Also shown', true],
    ['Gone', false],
  ] as const)
    await moderator.post('/api/v1/movies', { title, is_active, duration_minutes: 90, genre: 'counted' })
  expect(await anonymous.get(`${GENRES}/${one.id}`)).toMatchObject({ body: { movies_count: 2 } })
  const { body } = await anonymous.get(`${GENRES}?size=100`)
  expect(body.items).toContainEqual({ ...one, movies_count: 2 })
  expect(body.items).toContainEqual({ ...other, movies_count: 0 })
})

test('what is no genre is refused with the field', async () => {
  const refused = async (genre: object, pointer: string) =>
    expect(await moderator.post(GENRES, genre)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
  await refused({ name: '   ' }, '/name')
  await refused({ name: 'x'.repeat(101) }, '/name')
  await refused({ slug: 'nameless' }, '/name')
  await refused({ name: 'Loud', slug: 'LOUD' }, '/slug')
  await refused({ name: 'Loud', colour: 'red' }, '/colour')
  expect(await moderator.post(GENRES, { name: 'N\u0000UL' })).toMatchObject({
    status: 422,
    body: { code: 'request.unstorable_text' },
  })
  expect(await anonymous.get(`${GENRES}?size=101`)).toMatchObject({ status: 422 })
  expect(await anonymous.get(`${GENRES}?sort=name`)).toMatchObject({ status: 422 })
  expect(await anonymous.get(`${GENRES}/drama`)).toMatchObject({ status: 422 })
})

test('visitors, customers and cashiers do not write genres', async () => {
  const { id } = await db.insertInto('genres').values({ name: 'Safe', slug: 'safe' }).returning('id').executeTakeFirstOrThrow()
  for (const [person, status] of [
    [anonymous, 401],
    [await as('customer'), 403],
    [await as('cashier'), 403],
  ] as const) {
    expect(await person.post(GENRES, { name: 'Mine' })).toMatchObject({ status })
    expect(await person.put(`${GENRES}/${id}`, { name: 'Mine' })).toMatchObject({ status })
    expect(await person.patch(`${GENRES}/${id}`, { name: 'Mine' })).toMatchObject({ status })
    expect(await person.delete(`${GENRES}/${id}`)).toMatchObject({ status })
  }
  expect(await db.selectFrom('genres').select('name').where('id', '=', id).executeTakeFirst()).toEqual({ name: 'Safe' })
})
