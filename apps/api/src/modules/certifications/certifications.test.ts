import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, db } = await startTestApp()
const CERTIFICATIONS = '/api/v1/certifications'
const moderator = await as('moderator')

test('a moderator adds age ratings and everybody sees them, the mildest first', async () => {
  const { body: adult } = await moderator.post(CERTIFICATIONS, { name: '18+', min_age: 18 })
  const { status, body: all } = await moderator.post(CERTIFICATIONS, { name: ' 0+ ' })
  expect(status).toBe(201)
  expect(all).toMatchObject({ name: '0+', min_age: 0 })
  expect(await anonymous.get(CERTIFICATIONS)).toMatchObject({ status: 200, body: { items: [all, adult], total: 2 } })
  expect(await anonymous.get(`${CERTIFICATIONS}/${adult.id}`)).toMatchObject({ status: 200, body: adult })
})

test('an age rating changes and keeps what was left out', async () => {
  const { body } = await moderator.post(CERTIFICATIONS, { name: 'PG', min_age: 12 })
  expect(await moderator.put(`${CERTIFICATIONS}/${body.id}`, { name: 'PG-13' })).toMatchObject({
    status: 200,
    body: { name: 'PG-13', min_age: 12 },
  })
  expect(await moderator.put(`${CERTIFICATIONS}/${body.id}`, { min_age: 13 })).toMatchObject({
    status: 200,
    body: { name: 'PG-13', min_age: 13 },
  })
  expect(await moderator.put(`${CERTIFICATIONS}/999999`, { min_age: 13 })).toMatchObject({
    status: 404,
    body: { code: 'certifications.not_found' },
  })
  expect(await anonymous.get(`${CERTIFICATIONS}/999999`)).toMatchObject({
    status: 404,
    body: { code: 'certifications.not_found' },
  })
})

test('the name of an age rating is unique, also for two people at once', async () => {
  const replies = await Promise.all(Array.from({ length: 6 }, () => moderator.post(CERTIFICATIONS, { name: 'R' })))
  expect(replies.map((reply) => reply.status).toSorted()).toEqual([201, 409, 409, 409, 409, 409])
  const { body } = await moderator.post(CERTIFICATIONS, { name: 'X' })
  expect(await moderator.put(`${CERTIFICATIONS}/${body.id}`, { name: 'R' })).toMatchObject({
    status: 409,
    body: { code: 'certifications.name_taken' },
  })
})

test('R-088 an age rating goes when no movie has it, and until then says how many have', async () => {
  const { body: rating } = await moderator.post(CERTIFICATIONS, { name: 'NC-17', min_age: 17 })
  expect(await moderator.post(CERTIFICATIONS, { name: 'nc-17' })).toMatchObject({ status: 409 })
  const movie = { title: 'Crash', duration_minutes: 100, certification_id: rating.id }
  const { body: crash } = await moderator.post('/api/v1/movies', movie)
  expect(await moderator.delete(`${CERTIFICATIONS}/${rating.id}`)).toMatchObject({
    status: 409,
    body: { code: 'certifications.in_use', movies_count: 1 },
  })
  await moderator.patch(`/api/v1/movies/${crash.id}`, { certification: null })
  expect(await moderator.delete(`${CERTIFICATIONS}/${rating.id}`)).toMatchObject({ status: 204 })
  expect(await moderator.delete(`${CERTIFICATIONS}/${rating.id}`)).toMatchObject({ status: 404 })
})

test('what is no age rating is refused with the field', async () => {
  const refused = async (certification: object, pointer: string) =>
    expect(await moderator.post(CERTIFICATIONS, certification)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
  await refused({ min_age: 3 }, '/name')
  await refused({ name: '\t' }, '/name')
  await refused({ name: 'x'.repeat(21) }, '/name')
  await refused({ name: 'Old', min_age: 22 }, '/min_age')
  await refused({ name: 'Text', min_age: '12' }, '/min_age')
  await refused({ name: 'More', id: 7 }, '/id')
  expect(await moderator.post(CERTIFICATIONS, { name: '\u0000' })).toMatchObject({ status: 422 })
  expect(await anonymous.get(`${CERTIFICATIONS}?page=1&skip=0`)).toMatchObject({
    status: 422,
    body: { code: 'pagination.mixed' },
  })
})

test('visitors and customers do not write age ratings', async () => {
  const { id } = await db.insertInto('certifications').values({ name: 'Safe' }).returning('id').executeTakeFirstOrThrow()
  for (const [person, status] of [
    [anonymous, 401],
    [await as('customer'), 403],
  ] as const) {
    expect(await person.post(CERTIFICATIONS, { name: 'Mine' })).toMatchObject({ status })
    expect(await person.put(`${CERTIFICATIONS}/${id}`, { name: 'Mine' })).toMatchObject({ status })
    expect(await person.patch(`${CERTIFICATIONS}/${id}`, { name: 'Mine' })).toMatchObject({ status })
    expect(await person.delete(`${CERTIFICATIONS}/${id}`)).toMatchObject({ status })
  }
  expect(await db.selectFrom('certifications').select('name').where('id', '=', id).executeTakeFirst()).toEqual({ name: 'Safe' })
})
