import { describe, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, db } = await startTestApp()
const moderator = await as('moderator')

describe.each([
  ['directors', 'people.director_not_found'],
  ['stars', 'people.star_not_found'],
] as const)('%s', (table, notFound) => {
  const PEOPLE = `/api/v1/${table}`
  const add = (name: string) => moderator.post(PEOPLE, { name })

  test('a moderator adds a person and everybody finds them, by any part of the name in any case', async () => {
    const { status, body } = await add('  Kira \n Muratova ')
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'Kira Muratova' })
    await add('Dziga Vertov')
    expect(await anonymous.get(PEOPLE)).toMatchObject({
      status: 200,
      body: { total: 2, items: [{ name: 'Dziga Vertov' }, body] },
    })
    expect(await anonymous.get(`${PEOPLE}?search=MURAT`)).toMatchObject({ body: { total: 1, items: [body] } })
    for (const search of ['мурат', 'МУРАТОВА кира', 'muratová'])
      expect(await anonymous.get(`${PEOPLE}?search=${encodeURIComponent(search)}`)).toMatchObject({
        body: { total: 1, items: [body] },
      })
    expect(await anonymous.get(`${PEOPLE}?search=%20`)).toMatchObject({ body: { total: 2 } })
    expect(await anonymous.get(`${PEOPLE}?search=%CC%81`)).toMatchObject({ status: 200, body: { total: 0, items: [] } })
    expect(await anonymous.get(`${PEOPLE}?skip=1&limit=1`)).toMatchObject({
      body: { total: 2, page: 2, pages: 2, items: [body] },
    })
    expect(await anonymous.get(`${PEOPLE}/${body.id}`)).toMatchObject({ status: 200, body })
  })

  test('signs that mean something to the database mean themselves in a search', async () => {
    for (const name of ['100% Wolf', 'Snake_Case', String.raw`Back\slash`, 'Emoji 🎬']) await add(name)
    const found = async (search: string) =>
      (await anonymous.get(`${PEOPLE}?search=${encodeURIComponent(search)}`)).body.items.map(
        (person: { name: string }) => person.name,
      )
    expect(await found('%')).toEqual(['100% Wolf'])
    expect(await found('_')).toEqual(['Snake_Case'])
    expect(await found('\\')).toEqual([String.raw`Back\slash`])
    expect(await found('🎬')).toEqual(['Emoji 🎬'])
    expect(await anonymous.get(`${PEOPLE}?search=%00`)).toMatchObject({ status: 422, body: { code: 'request.unstorable_text' } })
  })

  test('a name belongs to one person, also when two people add it at once', async () => {
    const replies = await Promise.all(Array.from({ length: 6 }, (_, n) => add(`Oleksandr${' '.repeat(n + 1)}Dovzhenko`)))
    expect(replies.map((reply) => reply.status).toSorted()).toEqual([201, 409, 409, 409, 409, 409])
    const { body } = await add('Somebody else')
    expect(await moderator.put(`${PEOPLE}/${body.id}`, { name: 'Oleksandr Dovzhenko' })).toMatchObject({
      status: 409,
      body: { code: 'people.name_taken' },
    })
  })

  test('a person is renamed; an unknown one is not found', async () => {
    const { body } = await add('Sergei Parajanov')
    expect(await moderator.put(`${PEOPLE}/${body.id}`, { name: 'Serhii Paradzhanov' })).toMatchObject({
      status: 200,
      body: { id: body.id, name: 'Serhii Paradzhanov' },
    })
    expect(await moderator.put(`${PEOPLE}/${body.id}`, {})).toMatchObject({ status: 200, body: { name: 'Serhii Paradzhanov' } })
    expect(await moderator.put(`${PEOPLE}/999999`, { name: 'Nobody' })).toMatchObject({ status: 404, body: { code: notFound } })
    expect(await anonymous.get(`${PEOPLE}/999999`)).toMatchObject({ status: 404, body: { code: notFound } })
  })

  test('R-088 a name in another case is the same person, also where a movie names them', async () => {
    const { body } = await add('Yuri Ilyenko')
    expect(await add('YURI  ILYENKO')).toMatchObject({ status: 409, body: { code: 'people.name_taken' } })
    const { body: movie } = await moderator.post('/api/v1/movies', {
      title: `Bilyi ptakh ${table}`,
      duration_minutes: 99,
      [table]: ['yuri ilyenko', 'Larysa Kadochnikova', 'YURI ILYENKO'],
    })
    expect(movie[table]).toMatchObject([{ id: body.id, name: 'Yuri Ilyenko' }, { name: 'Larysa Kadochnikova' }])
    expect(await moderator.patch(`${PEOPLE}/${body.id}`, { name: 'Yuri ILYENKO' })).toMatchObject({ status: 200 })
  })

  test('R-088 a person goes when no movie names them, and until then says how many do', async () => {
    const { body: movie } = await moderator.post('/api/v1/movies', {
      title: `Bilyi ptakh i ${table}`,
      duration_minutes: 99,
      [table]: ['Ivan Mykolaichuk'],
    })
    const { id } = movie[table][0]
    expect(await moderator.delete(`${PEOPLE}/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'people.in_use', movies_count: 1 },
    })
    await moderator.patch(`/api/v1/movies/${movie.id}`, { [table]: [] })
    expect(await moderator.delete(`${PEOPLE}/${id}`)).toMatchObject({ status: 204, body: '' })
    expect(await moderator.delete(`${PEOPLE}/${id}`)).toMatchObject({ status: 404, body: { code: notFound } })
  })

  test('what is no name is refused', async () => {
    for (const name of ['', ' \t ', 'x'.repeat(201), 7, null])
      expect(await moderator.post(PEOPLE, { name })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/name' }] } })
    expect(await moderator.post(PEOPLE, { name: 'A\u0000' })).toMatchObject({
      status: 422,
      body: { code: 'request.unstorable_text' },
    })
    expect(await moderator.post(PEOPLE, { name: 'A', born: 1900 })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/born' }] },
    })
    expect(await add('🎬'.repeat(200))).toMatchObject({ status: 201 })
  })

  test('visitors and customers do not write people', async () => {
    const { id } = await db.insertInto(table).values({ name: 'Safe' }).returning('id').executeTakeFirstOrThrow()
    for (const [person, status] of [
      [anonymous, 401],
      [await as('customer'), 403],
    ] as const) {
      expect(await person.post(PEOPLE, { name: 'Mine' })).toMatchObject({ status })
      expect(await person.put(`${PEOPLE}/${id}`, { name: 'Mine' })).toMatchObject({ status })
      expect(await person.patch(`${PEOPLE}/${id}`, { name: 'Mine' })).toMatchObject({ status })
      expect(await person.delete(`${PEOPLE}/${id}`)).toMatchObject({ status })
    }
    expect(await db.selectFrom(table).select('name').where('id', '=', id).executeTakeFirst()).toEqual({ name: 'Safe' })
  })
})

test('two spellings of one newcomer that differ in case only are one person of a movie', async () => {
  const movie = { title: 'Two spellings', duration_minutes: 90, cast: ['Ada Rogovtseva', 'ADA ROGOVTSEVA', 'ada rogovtseva'] }
  expect(await moderator.post('/api/v1/movies', movie)).toMatchObject({
    status: 201,
    body: { stars: [{ id: expect.any(Number) }] },
  })
  const { body } = await moderator.get('/api/v1/stars?search=rogovtseva')
  expect(body.total).toBe(1)
})
