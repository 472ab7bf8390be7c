import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, someone, given, db, clock } = await startTestApp()

const path = '/api/v1/reviews'
const text = { rating: 8, title: 'Worth the night bus', content: 'I left humming and walked home.' }
const moderator = await as('moderator')
const moderate = (id: number, body: object) => moderator.patch(`${path}/${id}/moderate`, body)

type Person = Awaited<ReturnType<typeof someone>>
const write = async (movie_id: number, fields: object = {}, person?: Person) => {
  const author = person ?? (await someone())
  const { status, body } = await author.post(path, { movie_id, ...text, ...fields })
  expect(status).toBe(201)
  return { author, id: body.id as number, body }
}
const publish = async (movie_id: number, fields: object = {}, person?: Person) => {
  const review = await write(movie_id, fields, person)
  expect((await moderate(review.id, { is_approved: true })).status).toBe(200)
  return review
}
const ratingOf = async (movie_id: number) => (await anonymous.get(`/api/v1/movies/${movie_id}`)).body.rating

test('R-059, R-068: a viewer reviews a movie once, and it is seen when a moderator has approved it', async () => {
  const movie = await given.movie()
  const { author, id, body } = await write(movie.id, { title: '  Як уві сні  ', content: ' Рядок.\nІще один. ‏שלום‎ ' })
  expect(body).toEqual({
    id,
    movie_id: movie.id,
    user_id: author.id,
    author_name: 'Olena T.',
    rating: 8,
    title: 'Як уві сні',
    content: 'Рядок.\nІще один. ‏שלום‎',
    is_spoiler: false,
    is_verified_purchase: false,
    helpful_votes: 0,
    unhelpful_votes: 0,
    is_approved: false,
    created_at: expect.any(String),
    updated_at: expect.any(String),
    status: 'pending',
    moderation_reason: null,
    submitted_at: expect.any(String),
  })
  expect((await anonymous.get(`${path}/movie/${movie.id}`)).body).toMatchObject({ total: 0, items: [] })
  expect(await author.post(path, { movie_id: movie.id, ...text })).toMatchObject({
    status: 409,
    body: { code: 'reviews.already_reviewed' },
  })
  expect(await moderate(id, { is_approved: true })).toMatchObject({
    status: 200,
    body: { is_approved: true, status: 'approved' },
  })
  expect((await anonymous.get(`${path}/movie/${movie.id}`)).body).toMatchObject({ total: 1, items: [{ id, is_approved: true }] })
})

test('R-302: a review goes its whole way: written, read by a moderator, published, voted on, edited, rejected, deleted', async () => {
  const { id: movie_id } = await given.movie()
  const { author, id } = await write(movie_id)
  const [reader, mine] = [await someone(), `${path}/user/my-reviews`]
  const waits = async () =>
    (await moderator.get(`${path}/pending?size=100`)).body.items.some((review: { id: number }) => review.id === id)
  const shown = async () => (await anonymous.get(`${path}/movie/${movie_id}`)).body.items
  expect([await waits(), await shown()]).toEqual([true, []])

  await moderate(id, { is_approved: true })
  await reader.post(`${path}/${id}/vote`, { vote_type: 'helpful' })
  expect([await waits(), await shown()]).toMatchObject([false, [{ id, rating: 8, helpful_votes: 1 }]])
  expect((await anonymous.get(`${path}/${id}`)).body).toMatchObject({ id, helpful_votes: 1 })

  await author.put(`${path}/${id}`, { ...text, rating: 3 })
  expect([await waits(), await shown()]).toEqual([true, []])
  await moderate(id, { is_approved: false, reason: 'Tells the ending.' })
  expect([await waits(), await shown()]).toEqual([false, []])
  expect((await author.get(mine)).body).toMatchObject({ total: 1, items: [{ id, rating: 3, status: 'rejected' }] })

  expect(await author.delete(`${path}/${id}`)).toMatchObject({ status: 204 })
  expect((await author.get(mine)).body).toMatchObject({ total: 0 })
  expect(await author.get(`${path}/${id}`)).toMatchObject({ status: 404 })
})

test('R-059: whoever sends the same review twice at once has written one', async () => {
  const movie = await given.movie()
  const author = await someone()
  const replies = await Promise.all(Array.from({ length: 8 }, () => author.post(path, { movie_id: movie.id, ...text })))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 409)])
})

test.each([
  ['a rating of eleven', { rating: 11 }, '/rating'],
  ['a rating of nothing', { rating: 0 }, '/rating'],
  ['half a point', { rating: 7.5 }, '/rating'],
  ['a title of spaces', { title: '  ' }, '/title'],
  ['a title over two lines', { title: 'One\nTwo' }, '/title'],
  ['a zero byte', { content: 'a\u0000b' }, '/content'],
  ['an escape sequence', { content: 'a\u001b[31mb' }, '/content'],
  ['half a character', { content: 'a\ud800b' }, '/content'],
  ['only what cannot be seen', { content: '\u200b\u200b' }, '/content'],
  ['a novel', { content: 'x'.repeat(5001) }, '/content'],
  ['its own approval', { is_approved: true }, '/is_approved'],
])('R-059: %s is refused, and the field is named', async (_what, fields, pointer) => {
  const movie = await given.movie()
  const { status, body } = await (await as('customer')).post(path, { movie_id: movie.id, ...text, ...fields })
  expect(status).toBe(422)
  expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
})

test('R-059: a movie that is not there cannot be reviewed, and nobody reviews without an account', async () => {
  const customer = await as('customer')
  expect(await customer.post(path, { movie_id: 9_999_999, ...text })).toMatchObject({
    status: 422,
    body: { code: 'reviews.no_such_movie', errors: [{ pointer: '/movie_id' }] },
  })
  expect(await anonymous.get(`${path}/movie/9999999`)).toMatchObject({ status: 404 })
  expect(await anonymous.post(path, { movie_id: 1, ...text })).toMatchObject({ status: 401 })
})

test('R-061: a review that waits is seen by its author and by moderators, and is not found by others', async () => {
  const { author, id } = await write((await given.movie()).id)
  for (const person of [anonymous, await someone(), await as('cashier')])
    expect(await person.get(`${path}/${id}`)).toMatchObject({ status: 404, body: { code: 'reviews.not_found' } })
  for (const person of [author, moderator, await as('manager'), await as('admin')])
    expect(await person.get(`${path}/${id}`)).toMatchObject({ status: 200, body: { id } })
  await moderate(id, { is_approved: true })
  expect(await anonymous.get(`${path}/${id}`)).toMatchObject({ status: 200 })
})

test('R-060: visitors filter and sort the approved reviews of a movie and turn the pages', async () => {
  const movie = await given.movie()
  const ids: number[] = []
  for (const rating of [5, 9, 7]) ids.push((await publish(movie.id, { rating })).id)
  await write(movie.id, { rating: 1 })
  const [five = 0, nine = 0, seven = 0] = ids
  for (const id of [seven, seven, five]) await (await someone()).post(`${path}/${id}/vote`, { vote_type: 'helpful' })
  const listed = async (query: string) =>
    (await anonymous.get(`${path}/movie/${movie.id}?${query}`)).body.items.map(({ id }: { id: number }) => id)

  expect(await listed('')).toEqual([seven, nine, five])
  expect(await listed('order=asc')).toEqual([five, nine, seven])
  expect(await listed('sort=rating')).toEqual([nine, seven, five])
  expect(await listed('sort=helpful')).toEqual([seven, five, nine])
  expect(await listed('rating=9')).toEqual([nine])
  expect(await listed('sort=rating&page=2&size=2')).toEqual([five])
  expect(await listed('verified_only=true')).toEqual([])
  for (const query of ['sort=movie', 'order=up', 'rating=11', 'verified=true', 'size=101'])
    expect((await anonymous.get(`${path}/movie/${movie.id}?${query}`)).status).toBe(422)
})

test('R-126: a review is verified while its author has a paid ticket of the movie, and no longer', async () => {
  const session = await given.session({ seats: 2 })
  const author = await someone()
  const { id } = await publish(session.movie_id, {}, author)
  const { body: ticket } = await author.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[0]] })
  const verified = async () => (await anonymous.get(`${path}/${id}`)).body.is_verified_purchase
  expect(await verified()).toBe(false)
  await author.patch(`/api/v1/tickets/${ticket.id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })
  expect(await verified()).toBe(true)
  expect((await anonymous.get(`${path}/movie/${session.movie_id}?verified_only=true`)).body.total).toBe(1)
  await author.post(`/api/v1/tickets/${ticket.id}/cancel`)
  expect(await verified()).toBe(false)
})

test('R-126: a review of whoever has walked in is verified, and only theirs, of that movie', async () => {
  const session = await given.session({ seats: 3 })
  const [author, other, elsewhere] = [await someone(), await someone(), await given.movie()]
  const buy = async (person: Person, place: number) => {
    const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[place]] })
    await person.patch(`/api/v1/tickets/${body.id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })
    return body.id as number
  }
  const ticket = await buy(author, 0)
  const mine = await publish(session.movie_id, {}, author)
  const theirs = await publish(session.movie_id, {}, other)
  const ofAnother = await publish(elsewhere.id, {}, author)
  const cashier = await as('cashier')
  const scanned = { status: 'used' }
  expect(await cashier.put(`/api/v1/tickets/${ticket}`, scanned)).toMatchObject({ status: 200, body: scanned })
  const marks = async () =>
    Promise.all([mine, theirs, ofAnother].map(async ({ id }) => (await anonymous.get(`${path}/${id}`)).body.is_verified_purchase))
  expect(await marks()).toEqual([true, false, false])
  const verified = await anonymous.get(`${path}/movie/${session.movie_id}?verified_only=true`)
  expect(verified.body).toMatchObject({ total: 1, items: [{ id: mine.id, is_verified_purchase: true }] })
  await db.updateTable('tickets').set({ status: 'refunded' }).where('id', '=', ticket).execute()
  expect(await marks()).toEqual([false, false, false])
})

test('R-062: an edited review waits again and leaves the rating until it is approved', async () => {
  const movie = await given.movie()
  const { author, id } = await publish(movie.id, { rating: 4 })
  expect(await ratingOf(movie.id)).toBe(4)
  expect(await author.put(`${path}/${id}`, text)).toMatchObject({ status: 200, body: { rating: 8, status: 'pending' } })
  expect(await ratingOf(movie.id)).toBeNull()
  await moderate(id, { is_approved: true })
  expect(await ratingOf(movie.id)).toBe(8)
  expect(await author.patch(`${path}/${id}`, { rating: 8 })).toMatchObject({ body: { status: 'approved' } })
  expect(await (await as('admin')).patch(`${path}/${id}`, { title: 'Fixed' })).toMatchObject({
    status: 200,
    body: { title: 'Fixed', status: 'approved' },
  })
})

test('R-062, R-063: others change and delete no reviews; moderators and admins delete', async () => {
  const movie = await given.movie()
  const { author, id } = await publish(movie.id)
  for (const person of [await someone(), await as('manager')]) {
    expect(await person.patch(`${path}/${id}`, { rating: 1 })).toMatchObject({ status: 403, body: { code: 'reviews.not_yours' } })
    expect(await person.delete(`${path}/${id}`)).toMatchObject({ status: 403 })
  }
  expect(await moderator.patch(`${path}/${id}`, { rating: 1 })).toMatchObject({ status: 403 })
  expect(await anonymous.delete(`${path}/${id}`)).toMatchObject({ status: 401 })
  const hidden = await write((await given.movie()).id)
  expect(await (await someone()).patch(`${path}/${hidden.id}`, { rating: 1 })).toMatchObject({ status: 404 })
  expect(await author.delete(`${path}/${id}`)).toMatchObject({ status: 204 })
  expect(await author.delete(`${path}/${id}`)).toMatchObject({ status: 404 })
  expect(await moderator.delete(`${path}/${hidden.id}`)).toMatchObject({ status: 204 })
  expect(await (await as('admin')).delete(`${path}/${(await publish(movie.id)).id}`)).toMatchObject({ status: 204 })
  expect(await ratingOf(movie.id)).toBeNull()
})

test('R-064: everybody but the author votes once, may change it and take it back', async () => {
  const { author, id } = await publish((await given.movie()).id)
  const reader = await someone()
  const vote = (body: object) => reader.post(`${path}/${id}/vote`, body)
  expect(await vote({ vote_type: 'helpful' })).toMatchObject({ status: 200, body: { helpful_votes: 1, unhelpful_votes: 0 } })
  expect((await vote({ helpful: true })).body).toMatchObject({ helpful_votes: 1, unhelpful_votes: 0 })
  expect((await vote({ helpful: false })).body).toMatchObject({ helpful_votes: 0, unhelpful_votes: 1 })
  for (let turn = 0; turn < 2; turn += 1)
    expect((await reader.delete(`${path}/${id}/vote`)).body).toMatchObject({ helpful_votes: 0, unhelpful_votes: 0 })
  for (const body of [{}, { vote_type: 'helpful', helpful: true }, { vote_type: 'great' }])
    expect((await vote(body)).status).toBe(422)
  expect(await author.post(`${path}/${id}/vote`, { helpful: true })).toMatchObject({
    status: 403,
    body: { code: 'reviews.own_review' },
  })
  expect(await anonymous.post(`${path}/${id}/vote`, { helpful: true })).toMatchObject({ status: 401 })
  const waiting = await write((await given.movie()).id)
  expect(await reader.post(`${path}/${waiting.id}/vote`, { helpful: true })).toMatchObject({ status: 404 })
})

test('R-064: votes given at the same moment are all counted, each person’s once', async () => {
  const { id } = await publish((await given.movie()).id)
  const readers = await Promise.all(Array.from({ length: 6 }, () => someone()))
  const turns = [...readers, ...readers]
  await Promise.all(turns.map((reader) => reader.post(`${path}/${id}/vote`, { helpful: true })))
  expect((await anonymous.get(`${path}/${id}`)).body).toMatchObject({ helpful_votes: 6, unhelpful_votes: 0 })
})

test('R-065: viewers find their own reviews, also those that were rejected, with the reason', async () => {
  const author = await someone()
  const first = await write((await given.movie()).id, {}, author)
  const second = await publish((await given.movie()).id, {}, author)
  await moderate(first.id, { is_approved: false, reason: 'Tells the ending.' })
  const mine = await author.get(`${path}/user/my-reviews?skip=0&limit=10`)
  expect(mine.body).toMatchObject({
    total: 2,
    items: [
      { id: second.id, status: 'approved', moderation_reason: null },
      { id: first.id, status: 'rejected', is_approved: false, moderation_reason: 'Tells the ending.' },
    ],
  })
  expect((await author.get(`${path}/user/my-reviews?skip=1&limit=1`)).body.items).toHaveLength(1)
  expect((await anonymous.get(`${path}/user/my-reviews`)).status).toBe(401)
})

test('R-068: the queue shows the longest wait first; only moderators, managers and admins see it', async () => {
  await sql`update reviews set status = 'approved' where status = 'pending'`.execute(db)
  clock.advance(60)
  const older = await publish((await given.movie()).id)
  clock.advance(60)
  const newer = await write((await given.movie()).id)
  clock.advance(60)
  await older.author.patch(`${path}/${older.id}`, { rating: 2 })
  clock.reset()
  const { body } = await moderator.get(`${path}/pending`)
  expect(body.items.map(({ id }: { id: number }) => id)).toEqual([newer.id, older.id])
  for (const role of ['customer', 'cashier'] as const) {
    expect((await (await as(role)).get(`${path}/pending`)).status).toBe(403)
    expect((await (await as(role)).patch(`${path}/${newer.id}/moderate`, { is_approved: true })).status).toBe(403)
  }
  expect((await moderator.patch(`${path}/9999999/moderate`, { is_approved: true })).status).toBe(404)
  expect((await moderator.patch(`${path}/${newer.id}/moderate`, {})).status).toBe(422)
})

test('R-068: a review that changed after the moderator read it is not approved unread', async () => {
  const { author, id, body } = await write((await given.movie()).id)
  clock.advance(5)
  await author.patch(`${path}/${id}`, { content: 'Something quite different.' })
  clock.reset()
  expect(await moderate(id, { is_approved: true, updated_at: body.updated_at })).toMatchObject({
    status: 409,
    body: { code: 'reviews.changed_since' },
  })
  const { body: read } = await moderator.get(`${path}/${id}`)
  expect(await moderate(id, { is_approved: true, updated_at: read.updated_at })).toMatchObject({ status: 200 })
  expect(await moderate(id, { is_approved: true, updated_at: body.updated_at })).toMatchObject({ status: 200 })
})
