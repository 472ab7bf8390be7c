import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { openHall } from '#testing/halls.ts'

const app = await startTestApp({ config: { SEAT_RULES: true } })
const best = (session_id: number, query: string) => app.anonymous.get(`/api/v1/sessions/${session_id}/best-seats?${query}`)
const ids = (seats: { id: number }[]) => seats.map(({ id }) => id)
const ROWS = ['.......', '.......', 'vvvvvvv', '.......', 'ss.wkss']

test('the best seats for two lie together in the middle, with their price, and are held by nobody', async () => {
  const { session_id, seats } = await openHall(app, ROWS)
  const { status, body } = await best(session_id, 'count=3')
  expect(status).toBe(200)
  expect(body).toMatchObject({ session_id, currency: 'UAH', together: true, total: 600 })
  expect(ids(body.seats)).toEqual(seats(24, 25, 26))
  expect(body.seats[0]).toEqual({ id: seats(24)[0], seat_row: '4', seat_number: 3, seat_type: 'standard', price: 200 })
  expect((await best(session_id, 'count=3')).body).toEqual(body)
})

test('a type of seats may be asked for: sofas are given whole, and when there are too few it says how many', async () => {
  const { session_id, seats } = await openHall(app, ROWS)
  expect(ids((await best(session_id, 'count=2&seat_type=vip')).body.seats)).toEqual(seats(17, 18))
  expect(ids((await best(session_id, 'count=1&seat_type=wheelchair')).body.seats)).toEqual(seats(32))
  expect((await best(session_id, 'count=4&seat_type=sofa')).body).toMatchObject({ together: false })
  expect(await best(session_id, 'count=6&seat_type=sofa')).toMatchObject({
    status: 409,
    body: { code: 'seats.not_enough', available: 4 },
  })
  expect(await best(session_id, 'count=3&seat_type=sofa')).toMatchObject({
    status: 422,
    body: { code: 'seats.odd_sofa', errors: [{ pointer: '/count' }] },
  })
})

test('nobody is led to a session that is over, unknown, or to eleven seats', async () => {
  const { session_id } = await openHall(app, ['.......'])
  expect((await best(session_id, 'count=11')).status).toBe(422)
  expect((await best(session_id, '')).status).toBe(422)
  expect(await best(999_999_999, 'count=1')).toMatchObject({ status: 404, body: { code: 'sessions.not_found' } })
  await app.db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', session_id).execute()
  expect(await best(session_id, 'count=1')).toMatchObject({ status: 409, body: { code: 'sessions.cancelled' } })
})

test('a buyer leaves the choice to the server and holds what it suggested', async () => {
  const { session_id, seats } = await openHall(app, ROWS)
  const buyer = await app.someone()
  const wish = { session_id, best: { count: 2, seat_type: 'vip' } }
  expect(await buyer.post('/api/v1/tickets', { ...wish, expected_total: 1 })).toMatchObject({
    status: 409,
    body: { code: 'orders.price_changed', amount_due: 800 },
  })
  const held = await buyer.post('/api/v1/tickets', { ...wish, expected_total: 800 })
  expect(held).toMatchObject({ status: 201, body: { status: 'reserved', order: { total: 800 } } })
  expect(held.body.tickets.map(({ seat_id }: { seat_id: number }) => seat_id)).toEqual(seats(17, 18))

  const guest = await app.guest()
  const other = await guest.post('/api/v1/tickets', wish)
  expect(other.body.tickets.map(({ seat_id }: { seat_id: number }) => seat_id)).toEqual(seats(15, 16))
})

test('more of the best seats join an order, at its new price', async () => {
  const { session_id } = await openHall(app, ROWS)
  const buyer = await app.someone()
  const first = await buyer.post('/api/v1/tickets', { session_id, best: { count: 2 } })
  const order_id = first.body.order.id
  const more = await buyer.post('/api/v1/tickets', {
    session_id,
    order_id,
    best: { count: 3, seat_type: 'standard' },
    expected_total: 1000,
  })
  expect(more).toMatchObject({ status: 201, body: { order: { id: order_id, total: 1000 } } })
  expect(more.body.tickets).toHaveLength(3)
  expect(more.body.order.tickets).toHaveLength(5)
  expect(await buyer.post('/api/v1/tickets', { session_id, order_id, best: { count: 6 } })).toMatchObject({
    status: 422,
    body: { code: 'orders.too_many_seats' },
  })
  expect(await (await app.someone()).post('/api/v1/tickets', { session_id, order_id, best: { count: 1 } })).toMatchObject({
    status: 404,
  })
})

test('the same key gives the same seats, also when it comes twice at once and when none are left', async () => {
  const { session_id } = await openHall(app, ['....'])
  const buyer = await app.someone()
  const key = { 'idempotency-key': 'best of the evening' }
  const body = { session_id, best: { count: 3 } }
  const [one, two] = await Promise.all([buyer.post('/api/v1/tickets', body, key), buyer.post('/api/v1/tickets', body, key)])
  expect([one.status, two.status]).toEqual([201, 201])
  expect(two.body.order.id).toBe(one.body.order.id)
  expect(ids((await buyer.post('/api/v1/tickets', body, key)).body.tickets)).toEqual(ids(one.body.tickets))
  expect(await buyer.post('/api/v1/tickets', body)).toMatchObject({
    status: 409,
    body: { code: 'seats.not_enough', available: 1 },
  })

  const more = { session_id, order_id: one.body.order.id, best: { count: 1 } }
  const joining = { 'idempotency-key': 'and one more' }
  const [first, again] = await Promise.all([
    buyer.post('/api/v1/tickets', more, joining),
    buyer.post('/api/v1/tickets', more, joining),
  ])
  expect([first.status, again.status]).toEqual([201, 201])
  expect(again.body.order.tickets).toHaveLength(4)
})

test('the choice is asked for in one way only, and in numbers that make sense', async () => {
  const { session_id, seats } = await openHall(app, ROWS)
  const buyer = await app.someone()
  const ask = async (more: object) => (await buyer.post('/api/v1/tickets', { session_id, ...more })).body
  expect(await ask({ best: { count: 1 }, seat_ids: seats(1) })).toMatchObject({ code: 'tickets.choose_one_way' })
  expect(await ask({ best: { count: 1 }, seat_type: 'vip' })).toMatchObject({ code: 'tickets.choose_one_way' })
  expect(await ask({ best: { count: 3, seat_type: 'sofa' } })).toMatchObject({ errors: [{ pointer: '/best/count' }] })
  expect(await ask({ best: { count: 0 } })).toMatchObject({ status: 422 })
  expect(await ask({ best: {} })).toMatchObject({ status: 422 })
  expect((await app.anonymous.post('/api/v1/tickets', { session_id, best: { count: 1 } })).status).toBe(401)
})

test('the last seats are given, wherever they are, though somebody stays alone', async () => {
  const { session_id, seats } = await openHall(app, ['.xx.x', 'x.xx.'])
  const buyer = await app.someone()
  const { body } = await buyer.post('/api/v1/tickets', { session_id, best: { count: 3 } })
  expect(body.tickets).toHaveLength(3)
  expect((await buyer.post('/api/v1/tickets', { session_id, best: { count: 1 } })).status).toBe(201)
  expect(seats(1)).toHaveLength(1)
})
