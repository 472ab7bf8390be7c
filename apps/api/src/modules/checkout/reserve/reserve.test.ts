import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { as, someone, given, db, clock, anonymous, guest } = await startTestApp()
const customer = await as('customer')
const reserve = (body: object, headers = {}) => customer.post('/api/v1/tickets', body, headers)

test('R-052: a customer holds seats: the answer is what the order reads afterwards', async () => {
  const session = await given.session({ seats: 5, base_price_minor: 18_050 })
  const { status, body } = await reserve({ session_id: session.id, seat_ids: session.seat_ids.slice(0, 2) })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    status: 'reserved',
    seat_row: '1',
    price: 180.5,
    final_price: 180.5,
    qr_code: null,
    is_paid: false,
  })
  expect(body.order).toMatchObject({ status: 'pending', total: 361, amount_due: 361, currency: 'UAH', email: customer.email })
  expect(body.order.items[0].trace).toEqual([{ source: 'session.base_price', label: 'Standard seat', amount: 180.5 }])
  const { body: order } = await customer.get(`/api/v1/orders/${body.order.id}`)
  expect(order).toEqual(body.order)
})

test('R-112: when two people race for the same seats, one holds them and the other is told they are gone', async () => {
  const session = await given.session({ seats: 2 })
  const [one, two] = await Promise.all([someone(), someone()])
  const replies = await Promise.all([
    one.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids }),
    two.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.toReversed() }),
  ])
  const [won, lost] = replies.toSorted((a, b) => a.status - b.status)
  expect(won).toMatchObject({ status: 201 })
  expect(lost).toMatchObject({ status: 409, body: { code: 'tickets.seats_taken', seat_ids: session.seat_ids } })
})

test('R-052: seats are named by row and number, by a list, or by id, and in one way only', async () => {
  const session = await given.session({ seats: 9 })
  const session_id = session.id
  expect(await reserve({ session_id, seat_row: 1, seat_number: 1 })).toMatchObject({
    status: 201,
    body: { seat_row: '1', seat_number: 1 },
  })
  expect(await reserve({ session_id, seats: [{ seat_row: '1', seat_number: 2 }] })).toMatchObject({ status: 201 })
  expect(await reserve({ session_id })).toMatchObject({ status: 422, body: { code: 'tickets.choose_one_way' } })
  expect(await reserve({ session_id, seat_row: 1 })).toMatchObject({ status: 422 })
  expect(await reserve({ session_id, seat_row: 1, seat_number: 3, seat_ids: session.seat_ids })).toMatchObject({ status: 422 })
})

test('bad wishes are refused by name and change nothing', async () => {
  const session = await given.session({ seats: 12 })
  const other = await given.session({ seats: 1 })
  const [seat = 0] = session.seat_ids
  const session_id = session.id
  expect(await reserve({ session_id, seat_ids: other.seat_ids })).toMatchObject({
    status: 422,
    body: { code: 'tickets.unknown_seat', errors: [{ pointer: '/seat_ids/0' }] },
  })
  expect(await reserve({ session_id, seat_ids: session.seat_ids.slice(0, 11) })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/seat_ids' }] },
  })
  expect(await reserve({ session_id, seat_ids: [seat, seat] })).toMatchObject({ status: 422 })
  expect(
    await reserve({
      session_id,
      seats: [
        { seat_row: '1', seat_number: 1 },
        { seat_row: 1, seat_number: 1 },
      ],
    }),
  ).toMatchObject({ status: 422, body: { code: 'tickets.seat_twice' } })
  expect(await reserve({ session_id, seat_ids: [] })).toMatchObject({ status: 422 })
  expect(await reserve({ session_id, seat_ids: [seat], price: 1 })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/price' }] },
  })
  expect(await reserve({ session_id: String(session_id), seat_ids: [seat] })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/session_id' }] },
  })
  expect(await reserve({ session_id: 999_999, seat_ids: [seat] })).toMatchObject({
    status: 404,
    body: { code: 'sessions.not_found' },
  })
  expect(await reserve({ session_id, seat_ids: [seat], expected_total: 1 })).toMatchObject({
    status: 409,
    body: { code: 'orders.price_changed', amount_due: 200 },
  })
  expect(await reserve({ session_id, seat_ids: [seat], seat_type: 'vip' })).toMatchObject({
    status: 422,
    body: { code: 'tickets.wrong_seat_type' },
  })
  expect(await anonymous.post('/api/v1/tickets', { session_id, seat_ids: [seat] })).toMatchObject({
    status: 401,
    body: { code: 'auth.required' },
  })
  expect(await db.selectFrom('seat_claims').selectAll().where('session_id', '=', session_id).execute()).toEqual([])
})

test('an order that costs less than was shown is taken at what it costs', async () => {
  const { id: session_id, seat_ids } = await given.session({ seats: 1 })
  expect(await customer.post('/api/v1/tickets', { session_id, seat_ids, expected_total: 250 })).toMatchObject({
    status: 201,
    body: { order: { total: 200 } },
  })
})

test('a seat that the house has blocked is not for sale, and shows as blocked', async () => {
  const session = await given.session({ seats: 2 })
  const [broken = 0] = session.seat_ids
  await db
    .insertInto('seat_claims')
    .values({ session_id: session.id, seat_id: broken, state: 'blocked', reason: 'broken seat' })
    .execute()
  expect(await reserve({ session_id: session.id, seat_ids: session.seat_ids })).toMatchObject({
    status: 409,
    body: { code: 'tickets.seats_taken', seat_ids: [broken] },
  })
  expect(await anonymous.get(`/api/v1/sessions/${session.id}/available-seats`)).toMatchObject({
    body: { counts: { blocked: 1, available: 1 } },
  })
})

test('R-116, R-117: a session that is cancelled, over or off sale cannot be booked', async () => {
  const [cancelled, past, closed] = await Promise.all([
    given.session({ seats: 1 }),
    given.session({ seats: 1, starts_in_minutes: -10 }),
    given.session({ seats: 1 }),
  ])
  await reserve({ session_id: cancelled.id, seat_ids: [0] }) // fills the cache with the session as it was
  await db.updateTable('sessions').set({ status: 'cancelled', version: 2 }).where('id', '=', cancelled.id).execute()
  await db.updateTable('sessions').set({ is_active: false, version: 2 }).where('id', '=', closed.id).execute()
  expect(await reserve({ session_id: cancelled.id, seat_ids: cancelled.seat_ids })).toMatchObject({
    status: 409,
    body: { code: 'sessions.cancelled' },
  })
  expect(await reserve({ session_id: past.id, seat_ids: past.seat_ids })).toMatchObject({
    status: 409,
    body: { code: 'sessions.started' },
  })
  expect(await reserve({ session_id: closed.id, seat_ids: closed.seat_ids })).toMatchObject({
    status: 409,
    body: { code: 'sessions.not_on_sale' },
  })
})

test('a price that changed after it was cached is not charged', async () => {
  const session = await given.session({ seats: 2, base_price_minor: 10_000 })
  await reserve({ session_id: session.id, seat_ids: [session.seat_ids[0]] })
  await db.updateTable('sessions').set({ base_price_minor: 12_000, version: 2 }).where('id', '=', session.id).execute()
  expect(await reserve({ session_id: session.id, seat_ids: [session.seat_ids[1]] })).toMatchObject({
    status: 201,
    body: { price: 120 },
  })
})

test('R-114, R-130: an expired hold is free for the next person, before any sweep', async () => {
  const session = await given.session({ seats: 1 })
  const other = await someone()
  const first = await reserve({ session_id: session.id, seat_ids: session.seat_ids })
  expect(await other.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })).toMatchObject({
    status: 409,
  })
  clock.advance(601)
  expect(await customer.get(`/api/v1/tickets/${first.body.id}`)).toMatchObject({ body: { status: 'expired' } })
  expect(await other.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })).toMatchObject({
    status: 201,
  })
  clock.reset()
})

test('asking again for my own live seat gives the same ticket, and free seats join its order', async () => {
  const session = await given.session({ seats: 3 })
  const [a, b] = session.seat_ids
  const first = await reserve({ session_id: session.id, seat_ids: [a] })
  const again = await reserve({ session_id: session.id, seat_ids: [a] })
  expect(again).toMatchObject({ status: 201, body: { id: first.body.id, order: { id: first.body.order.id } } })
  const more = await reserve({ session_id: session.id, seat_ids: [a, b] })
  expect(more).toMatchObject({ status: 201, body: { order: { id: first.body.order.id, total: 400 } } })
  expect(more.body.tickets).toHaveLength(2)
})

test('nobody holds more than ten seats of a session, however many requests they send at once', async () => {
  const session = await given.session({ seats: 40 })
  const greedy = await someone()
  const groups = Array.from({ length: 8 }, (_, index) => session.seat_ids.slice(index * 4, index * 4 + 4))
  const replies = await Promise.all(
    groups.map((seat_ids) => greedy.post('/api/v1/tickets', { session_id: session.id, seat_ids })),
  )
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(2)
  expect(replies.filter(({ status, body }) => status === 422 && body.code === 'orders.too_many_seats')).toHaveLength(6)
})

test('seats of another session join an order, in the same currency', async () => {
  const [first, second, foreign] = [
    await given.session({ seats: 2 }),
    await given.session({ seats: 2 }),
    await given.session({ seats: 2, currency: 'EUR' }),
  ]
  const { body } = await reserve({ session_id: first.id, seat_ids: [first.seat_ids[0]] })
  const order_id = body.order.id
  const added = await reserve({ session_id: second.id, seat_ids: [second.seat_ids[0]], order_id })
  expect(added).toMatchObject({
    status: 201,
    body: { session_id: second.id, order: { id: order_id, total: 400, expires_at: body.order.expires_at } },
  })
  expect(await reserve({ session_id: foreign.id, seat_ids: foreign.seat_ids, order_id })).toMatchObject({
    status: 422,
    body: { code: 'orders.mixed_currency' },
  })
  const stranger = await someone()
  expect(
    await stranger.post('/api/v1/tickets', { session_id: second.id, seat_ids: [second.seat_ids[1]], order_id }),
  ).toMatchObject({ status: 404 })
})

test('a guest holds seats too, and strangers do not see them', async () => {
  const session = await given.session({ seats: 1 })
  const visitor = await guest()
  const held = await visitor.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  expect(held).toMatchObject({ status: 201, body: { user_id: null } })
  expect(await visitor.get(`/api/v1/orders/${held.body.order.id}`)).toMatchObject({ status: 200 })
  expect(await customer.get(`/api/v1/orders/${held.body.order.id}`)).toMatchObject({
    status: 404,
    body: { code: 'orders.not_found' },
  })
  expect(await customer.get(`/api/v1/tickets/${held.body.id}`)).toMatchObject({
    status: 404,
    body: { code: 'tickets.not_found' },
  })
})

test('a repeated request with the same key holds once; another body under that key is refused', async () => {
  const session = await given.session({ seats: 3 })
  const key = { 'idempotency-key': 'tap-tap' }
  const body = { session_id: session.id, seat_ids: [session.seat_ids[0]] }
  const replies = await Promise.all(Array.from({ length: 6 }, () => reserve(body, key)))
  expect(new Set(replies.map((reply) => `${reply.status} ${reply.body.id}`)).size).toBe(1)
  expect(await reserve({ ...body, seat_ids: [session.seat_ids[1]] }, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotency.key_reused' },
  })
  expect(await db.selectFrom('tickets').select('id').where('session_id', '=', session.id).execute()).toHaveLength(1)
})
