import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { type Client, startTestApp } from '#testing/app.ts'

const { anonymous, as, someone, clock, db, given } = await startTestApp()
const MOVIES = '/api/v1/movies'
/** How long one waits for the other, so that on any machine each of them comes first now and then. */
const LATER = [0, 6, 30, 150]
const moderator = await as('moderator')
const manager = await as('manager')

const remove = (id: number, who: Pick<Client, 'delete'> = moderator) => who.delete(`${MOVIES}/${id}`)
const exists = async (id: number) =>
  (await db.selectFrom('movies').select('is_active').where('id', '=', id).executeTakeFirst())?.is_active
const over = (session_id: number) => db.updateTable('sessions').set({ status: 'finished' }).where('id', '=', session_id).execute()

test('R-038 a moderator deletes a movie that nothing refers to, once', async () => {
  const { body } = await moderator.post(MOVIES, { title: 'Typo', duration_minutes: 9, genre: 'drama', cast: ['Nobody'] })
  const replies = await Promise.all([remove(body.id), remove(body.id), remove(body.id)])
  expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 404, 404])
  expect(await exists(body.id)).toBeUndefined()
  expect(await remove(body.id)).toMatchObject({ status: 404, body: { code: 'movies.not_found' } })
  expect(await remove(body.id, await as('admin'))).toMatchObject({ status: 404 })
})

test('R-149 a movie that was shown is taken off the screen and stays for its history, however often it is deleted', async () => {
  const session = await given.session()
  await over(session.id)
  for (const again of [session.movie_id, session.movie_id])
    expect(await remove(again)).toMatchObject({ status: 200, body: { id: session.movie_id, is_active: false } })
  expect(await anonymous.get(`${MOVIES}/${session.movie_id}`)).toMatchObject({ status: 200, body: { is_active: false } })
  expect((await anonymous.get(`${MOVIES}?size=100`)).body.items).not.toContainEqual(
    expect.objectContaining({ id: session.movie_id }),
  )
})

test('R-149 a movie that somebody has reviewed stays with what they wrote, also before a moderator has seen it', async () => {
  const { body: movie } = await moderator.post(MOVIES, { title: 'Praised', duration_minutes: 9 })
  const words = { rating: 9, title: 'Worth it', content: 'I left humming and walked home.' }
  const review = await (await someone()).post('/api/v1/reviews', { movie_id: movie.id, ...words })
  expect(review.status).toBe(201)
  expect(await remove(movie.id)).toMatchObject({ status: 200, body: { is_active: false } })
  expect(await moderator.get(`/api/v1/reviews/${review.body.id}`)).toMatchObject({ status: 200, body: words })
})

test('R-176 a movie for which a ticket was ever sold is never deleted', async () => {
  const session = await given.session({ starts_in_minutes: 60 })
  const buyer = await someone()
  const bought = { session_id: session.id, seat_ids: session.seat_ids.slice(0, 1) }
  const { body } = await buyer.post('/api/v1/tickets', bought)
  const paid = await buyer.patch(`/api/v1/tickets/${body.id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })
  expect(paid.status).toBe(200)
  expect(await remove(session.movie_id)).toMatchObject({ status: 409 })
  clock.advance(20_000)
  expect(await remove(session.movie_id)).toMatchObject({ status: 200, body: { is_active: false } })
  clock.reset()
})

test('R-038 a movie with sessions to come or under way is not deleted, and they are named', async () => {
  const soon = await given.session({ starts_in_minutes: 300 })
  const running = await given.session({ starts_in_minutes: -30, movie_id: soon.movie_id })
  expect(await remove(soon.movie_id)).toMatchObject({
    status: 409,
    body: {
      code: 'movies.has_sessions',
      sessions_count: 2,
      session_ids: [running.id, soon.id],
      detail: expect.stringContaining('Cancel them first'),
    },
  })
  await over(running.id)
  await db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', soon.id).execute()
  expect(await remove(soon.movie_id)).toMatchObject({ status: 200 })
})

test('R-176 a movie that somebody bought to watch is refused; an order that came to nothing only keeps it in the books', async () => {
  const movie = await given.movie()
  const { id: user_id } = await given.user()
  const order = { user_id, currency: 'UAH', subtotal_minor: 100, total_minor: 100, expires_at: new Date() }
  const { id: order_id } = await db
    .insertInto('orders')
    .values({ ...order, reference: 'FILM0001', status: 'paid' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('order_items')
    .values({ order_id, kind: 'movie', movie_id: movie.id, price_minor: 100, total_minor: 100 })
    .execute()
  expect(await remove(movie.id)).toMatchObject({ status: 409, body: { code: 'movies.bought', buyers_count: 1 } })
  await db.updateTable('orders').set({ status: 'expired' }).where('id', '=', order_id).execute()
  expect(await remove(movie.id)).toMatchObject({ status: 200, body: { is_active: false } })
})

test('R-037 a movie with sessions to come is not taken off the screen, and they are named', async () => {
  const { id, movie_id } = await given.session({ starts_in_minutes: 300 })
  const path = `${MOVIES}/${movie_id}`
  const refused = { code: 'movies.has_sessions', sessions_count: 1, session_ids: [id] }
  for (const call of ['put', 'patch'] as const)
    expect(await moderator[call](path, { is_active: false, producer: 'Nobody' })).toMatchObject({ status: 409, body: refused })
  expect((await moderator.put(path, { is_active: false })).body.detail).toContain('then take it off the screen')
  expect(await anonymous.get(path)).toMatchObject({ body: { is_active: true, producer: null } })
  expect(await moderator.put(path, { is_active: true })).toMatchObject({ status: 200 })
  await over(id)
  expect(await moderator.put(path, { is_active: false })).toMatchObject({ status: 200, body: { is_active: false } })
  await db.updateTable('sessions').set({ status: 'scheduled' }).where('id', '=', id).execute()
  // Closed already, so nothing changes by saying so again.
  expect(await moderator.put(path, { is_active: false })).toMatchObject({ status: 200 })
  expect(await moderator.put(`${MOVIES}/999999999`, { is_active: false })).toMatchObject({ status: 404 })
})

test('R-037 a movie is never taken off the screen under a session that is being scheduled', async () => {
  const outcomes = { scheduled: 0, closed: 0 }
  for (let round = 0; round < 24; round += 1) {
    const [movie, hall] = [await given.movie({ duration_minutes: 60 }), await given.hall()]
    const start_time = new Date(Date.now() + 86_400_000).toISOString()
    const wish = { movie_id: movie.id, hall_id: hall.id, start_time, base_price: 5 }
    const scheduling = sleep(round % 3).then(() => manager.post('/api/v1/sessions', wish))
    const closing = sleep(LATER[round % LATER.length]).then(() => moderator.put(`${MOVIES}/${movie.id}`, { is_active: false }))
    const [scheduled, closed] = await Promise.all([scheduling, closing])
    expect([scheduled.status, closed.status]).toSatisfy(
      ([one = 0, other = 0]: number[]) => (one === 201 && other === 409) || ([409, 422].includes(one) && other === 200),
    )
    outcomes[scheduled.status === 201 ? 'scheduled' : 'closed'] += 1
  }
  expect(Math.min(outcomes.scheduled, outcomes.closed)).toBeGreaterThan(0)
})

test('R-038 only moderators and admins delete movies', async () => {
  const { id } = await given.movie()
  expect(await remove(id, anonymous)).toMatchObject({ status: 401 })
  for (const role of ['customer', 'cashier', 'manager'] as const)
    expect(await remove(id, await as(role))).toMatchObject({ status: 403 })
  expect(await exists(id)).toBe(true)
  expect(await remove(id, await as('admin'))).toMatchObject({ status: 204 })
  expect(await moderator.delete(`${MOVIES}/first`)).toMatchObject({ status: 422 })
})

test('R-038 a movie is never deleted under a session that is being scheduled, nor scheduled once it is gone', async () => {
  const outcomes = { scheduled: 0, deleted: 0 }
  for (let round = 0; round < 24; round += 1) {
    const [movie, hall] = [await given.movie({ duration_minutes: 60 }), await given.hall()]
    const wish = {
      movie_id: movie.id,
      hall_id: hall.id,
      start_time: new Date(Date.now() + 86_400_000).toISOString(),
      base_price: 5,
    }
    const scheduling = sleep(round % 3).then(() => manager.post('/api/v1/sessions', wish))
    const deleting = sleep(LATER[round % LATER.length]).then(() => remove(movie.id))
    const [scheduled, deleted] = await Promise.all([scheduling, deleting])
    expect([scheduled.status, deleted.status]).toSatisfy(
      ([one, other]: number[]) => (one === 201 && other === 409) || (one === 422 && other === 204),
    )
    outcomes[scheduled.status === 201 ? 'scheduled' : 'deleted'] += 1
  }
  expect(outcomes.scheduled).toBeGreaterThan(0)
  expect(outcomes.deleted).toBeGreaterThan(0)
})
