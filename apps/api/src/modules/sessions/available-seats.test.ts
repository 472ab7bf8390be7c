import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, clock, db, given } = await startTestApp()
const now = new Date('2026-03-02T06:00:00Z')
clock.set(now)
const manager = await as('manager')

const seatTypes = ['standard', 'wheelchair', 'companion', 'premium', 'sofa', 'sofa', 'vip']
const pairs: Record<string, number> = { wheelchair: 1, companion: 1, sofa: 2 }
const layout = {
  seats: seatTypes.map((seat_type, index) => ({
    seat_row: 'A',
    seat_number: index + 1,
    seat_type,
    ...(pairs[seat_type] && { pair_id: pairs[seat_type] }),
  })),
}

const prepare = async () => {
  const { id: cinema_id } = await given.cinema()
  const hall = (
    await manager.post(`/api/v1/cinemas/${cinema_id}/halls`, {
      name: 'Red',
      hall_number: 4,
      layout,
      seat_map: { screen: { width: 7 } },
    })
  ).body
  const { id: movie_id } = await given.movie()
  const prices = { base_price: 150, premium_price: 199.99, vip_price: 320 }
  const { id } = (
    await manager.post('/api/v1/sessions', { movie_id, hall_id: hall.id, start_time: '2026-03-02T18:00:00Z', ...prices })
  ).body
  return { id: id as number, hall, cinema_id, look: () => anonymous.get(`/api/v1/sessions/${id}/available-seats`) }
}

const sell = (session_id: number, seat_id: number) =>
  db.insertInto('seat_claims').values({ session_id, seat_id, state: 'sold', order_id: 1, ticket_id: 1 }).execute()

test('R-051: a visitor sees every seat of the hall with its price', async () => {
  const { id, hall, cinema_id, look } = await prepare()
  const { status, body } = await look()
  expect(status).toBe(200)
  expect(body).toMatchObject({
    session_id: id,
    hall: { id: hall.id, name: 'Red', hall_number: 4, cinema_id, seat_map: { screen: { width: 7 } } },
    currency: 'UAH',
    server_time: now.toISOString(),
    counts: { total: 7, available: 7, held: 0, sold: 0, blocked: 0 },
    prices: { standard: 150, premium: 199.99, vip: 320 },
  })
  expect(body.seats.map((seat: { seat_type: string; price: number }) => [seat.seat_type, seat.price])).toEqual([
    ['standard', 150],
    ['wheelchair', 150],
    ['companion', 150],
    ['premium', 199.99],
    ['sofa', 199.99],
    ['sofa', 199.99],
    ['vip', 320],
  ])
  expect(body.seats[1]).toEqual({
    id: expect.any(Number),
    seat_row: 'A',
    seat_number: 2,
    seat_type: 'wheelchair',
    x: 1.5,
    y: 0.5,
    rotation: 0,
    pair_id: 1,
    status: 'free',
    price: 150,
  })
})

test('R-114: a hold ends at its deadline, and not before', async () => {
  const { id, look } = await prepare()
  const ids = (await look()).body.seats.map((seat: { id: number }) => seat.id)
  const [sold, held, blocked] = ids
  await sell(id, sold)
  await db
    .insertInto('seat_claims')
    .values([
      { session_id: id, seat_id: held, state: 'held', order_id: 1, ticket_id: 2, expires_at: new Date(now.getTime() + 60_000) },
      {
        session_id: id,
        seat_id: blocked,
        state: 'blocked',
        order_id: null,
        ticket_id: null,
        reason: 'A broken spring',
        expires_at: null,
      },
    ])
    .execute()
  const statuses = async () => (await look()).body.seats.slice(0, 4).map((seat: { status: string }) => seat.status)

  clock.advance(59)
  expect(await statuses()).toEqual(['sold', 'held', 'blocked', 'free'])
  expect((await look()).body.counts).toEqual({ total: 7, available: 4, held: 1, sold: 1, blocked: 1 })
  clock.advance(1)
  expect(await statuses()).toEqual(['sold', 'free', 'blocked', 'free'])
  expect((await look()).body.counts).toEqual({ total: 7, available: 5, held: 0, sold: 1, blocked: 1 })
  clock.set(now)
})

test('R-113: a seat sold for one session is free in the next', async () => {
  const { id, hall, look } = await prepare()
  const { seats } = (await look()).body
  await sell(id + 1_000, seats[0].id)
  expect((await look()).body.counts).toMatchObject({ total: hall.total_seats, sold: 0 })
})

test('a seat taken out of the hall is gone from the map, and a new price is shown at once', async () => {
  const { id, hall, look } = await prepare()
  const { seats } = (await look()).body
  clock.advance(1)
  await db.updateTable('seats').set({ is_active: false }).where('id', '=', seats[0].id).execute()
  await db.updateTable('halls').set({ name: 'Crimson' }).where('id', '=', hall.id).execute()
  await db.updateTable('sessions').set({ vip_price_minor: 50_000 }).where('id', '=', id).execute()
  const { body } = await look()
  expect(body).toMatchObject({ hall: { name: 'Crimson' }, counts: { total: 6 }, prices: { vip: 500 } })
  clock.set(now)
})

test('the map of a session that is not there is not found', async () => {
  expect(await anonymous.get('/api/v1/sessions/999999/available-seats')).toMatchObject({
    status: 404,
    body: { code: 'sessions.not_found' },
  })
  expect(await anonymous.get('/api/v1/sessions/tonight/available-seats')).toMatchObject({ status: 422 })
})
