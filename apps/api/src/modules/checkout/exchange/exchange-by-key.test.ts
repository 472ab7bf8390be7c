import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { createOrderKeySigner } from '#modules/orders/key.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { wrongIn } from '#testing/broken.ts'

const { anonymous, as, audit, clock, db, given, guest, keys, someone } = await startTestApp()

const ORDERS = '/api/v1/orders'
const CARD = { card_token: 'tok_ok', payment_method: 'card' }
const EMAIL = 'olena.guest@example.org'
const keyOf = createOrderKeySigner(keys.tickets)
const withKey = (key: string) => ({ 'x-order-key': key })

const house = async () => {
  const cinema = await given.cinema()
  const at = async (base_price_minor: number) =>
    given.session({ hall_id: (await given.hall({ cinema_id: cinema.id })).id, base_price_minor })
  return { here: await at(20_000), alike: await at(20_000), dearer: await at(30_000), cheaper: await at(15_000) }
}
type Session = Awaited<ReturnType<typeof given.session>>

const hold = async (buyer: Client, session: Session, from = 0) =>
  (await buyer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(from, from + 1) })).body
const paid = async (buyer: Client, session: Session) => {
  const { id: ticket_id, order } = await hold(buyer, session)
  const reply = await buyer.post(`${ORDERS}/${order.id}/pay`, { ...CARD, email: EMAIL })
  expect(reply.status).toBe(201)
  return { id: order.id as number, ticket_id: ticket_id as number }
}
/** What a link in a mail can do with an order. */
const bearer = (key: string) => ({
  read: (id: number) => anonymous.get(`${ORDERS}/${id}`, undefined, withKey(key)),
  exchange: (id: number, ticket_id: number, to: Session, at = -1) =>
    anonymous.post(
      `${ORDERS}/${id}/exchanges`,
      { session_id: to.id, tickets: [{ ticket_id, seat_id: to.seat_ids.at(at) }] },
      withKey(key),
    ),
  pay: (id: number, fields: object = CARD, headers = {}) =>
    anonymous.post(`${ORDERS}/${id}/pay`, fields, { ...withKey(key), ...headers }),
})
const paymentsOf = (order_id: number) =>
  db.selectFrom('payments').select(['status', 'provider']).where('order_id', '=', order_id).execute()
const sound = async () => {
  await audit.seal()
  expect(wrongIn(await checkInvariants(db))).toEqual([])
}

test('R-116: by the link of a mail tickets are exchanged for dearer ones, and the difference is paid', async () => {
  const { here, dearer } = await house()
  const old = await paid(await guest(), here)
  const made = await bearer(keyOf(old.id)).exchange(old.id, old.ticket_id, dearer)
  expect(made).toMatchObject({ status: 201, body: { done: false, order: { status: 'pending', amount_due: 100, email: EMAIL } } })
  const { order, order_key } = made.body
  expect(order_key).toBe(keyOf(order.id))

  const mine = bearer(order_key)
  expect((await mine.read(order.id)).body).toMatchObject({ id: order.id, amount_due: 100 })
  expect(await mine.pay(order.id, { ...CARD, amount: 300 })).toMatchObject({
    status: 409,
    body: { code: 'orders.price_changed', amount_due: 100 },
  })
  expect(await mine.pay(order.id, { card_token: 'tok_card_declined' })).toMatchObject({
    status: 402,
    body: { code: 'payments.card_declined' },
  })
  expect((await mine.read(order.id)).body.status).toBe('pending')
  const done = await mine.pay(order.id, { ...CARD, amount: 100 })
  expect(done).toMatchObject({ status: 201, body: { amount: 100, order: { status: 'paid', email: EMAIL } } })
  expect(done.body.order.tickets).toMatchObject([{ status: 'paid', qr_code: expect.any(String) }])
  expect(await mine.read(order.id)).toMatchObject({ status: 200 })
  expect((await anonymous.get(`/api/v1/payments/${done.body.id}`, undefined, withKey(order_key))).body).toMatchObject({
    status: 'success',
  })
  expect((await bearer(keyOf(old.id)).read(old.id)).body.tickets).toMatchObject([{ status: 'cancelled' }])
  expect(await mine.pay(order.id)).toMatchObject({ status: 409, body: { code: 'orders.already_paid' } })
  await sound()
})

test('tapping twice pays once, and so do the owner and the link at the same moment', async () => {
  const { here, alike, dearer } = await house()
  const old = await paid(await guest(), here)
  const { order, order_key } = (await bearer(keyOf(old.id)).exchange(old.id, old.ticket_id, dearer)).body
  const tap = () => bearer(order_key).pay(order.id, CARD, { 'idempotency-key': 'tap' })
  const replies = await Promise.all([tap(), tap(), tap()])
  expect(replies.map(({ status }) => status)).toEqual([201, 201, 201])
  expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)

  const visitor = await guest()
  const other = await paid(visitor, alike)
  const next = (await bearer(keyOf(other.id)).exchange(other.id, other.ticket_id, dearer, -3)).body
  const both = await Promise.all([
    bearer(next.order_key).pay(next.order.id),
    visitor.post(`${ORDERS}/${next.order.id}/pay`, CARD),
  ])
  for (const { status, body } of both)
    expect([201, 409]).toContain(status === 201 || body.code === 'orders.already_paid' ? status : 0)
  expect(
    (await paymentsOf(next.order.id)).filter(({ provider, status }) => provider === 'mock' && status === 'success'),
  ).toHaveLength(1)
  await sound()
})

test('Q-20: a key pays for what was exchanged with a key, and for nothing else', async () => {
  const { here, dearer } = await house()
  const visitor = await guest()
  const [held, old] = [await hold(visitor, here, 4), await paid(visitor, here)]
  const refused = { status: 403, body: { code: 'orders.key_pays_exchanges' } }
  expect(await bearer(keyOf(held.order.id)).pay(held.order.id, { ...CARD, email: EMAIL })).toMatchObject(refused)
  expect(await bearer(keyOf(old.id)).pay(held.order.id)).toMatchObject({ status: 404, body: { code: 'orders.not_found' } })
  expect(await bearer('x').pay(held.order.id)).toMatchObject({ status: 404 })
  expect(await anonymous.post(`${ORDERS}/${held.order.id}/pay`, CARD)).toMatchObject({ status: 401 })

  // What the buyer has begun the buyer pays, and gets no key for.
  const tickets = [{ ticket_id: old.ticket_id, seat_id: dearer.seat_ids.at(-1) }]
  const own = await visitor.post(`${ORDERS}/${old.id}/exchanges`, { session_id: dearer.id, tickets })
  expect(own).toMatchObject({ status: 201, body: { order_key: null, done: false } })
  const another = await bearer(keyOf(old.id)).exchange(old.id, old.ticket_id, dearer, -3)
  expect(another).toMatchObject({ status: 409, body: { code: 'orders.exchange_under_way', order_id: own.body.order.id } })
  expect(another.body).not.toHaveProperty('order_key')
  expect(await bearer(keyOf(own.body.order.id)).pay(own.body.order.id)).toMatchObject(refused)
  for (const id of [held.order.id, own.body.order.id]) expect(await paymentsOf(id)).toEqual([])
  for (const [path, body] of [
    ['/api/v1/payments/initiate', { order_id: own.body.order.id, amount: 100 }],
    ['/api/v1/payments/checkout-session', { order_id: own.body.order.id }],
    [`${ORDERS}/${own.body.order.id}/extend`, undefined],
  ] as const)
    expect(await anonymous.post(path, body, withKey(keyOf(own.body.order.id)))).toMatchObject({ status: 401 })
  expect((await visitor.post(`${ORDERS}/${own.body.order.id}/pay`, CARD)).status).toBe(201)
})

test('whoever has lost the page of the exchange is shown the way back to it', async () => {
  const { here, dearer } = await house()
  const old = await paid(await guest(), here)
  const link = bearer(keyOf(old.id))
  const { order, order_key } = (await link.exchange(old.id, old.ticket_id, dearer)).body
  expect(await link.exchange(old.id, old.ticket_id, dearer, -3)).toMatchObject({
    status: 409,
    body: { code: 'orders.exchange_under_way', order_id: order.id, order_key },
  })
})

test('by a link nobody pays at the counter, sends the tickets elsewhere, or pays when the time is over', async () => {
  const { here, alike, dearer, cheaper } = await house()
  const old = await paid(await guest(), here)
  const { order, order_key } = (await bearer(keyOf(old.id)).exchange(old.id, old.ticket_id, dearer)).body
  const mine = bearer(order_key)
  expect(await mine.pay(order.id, { payment_method: 'cash' })).toMatchObject({
    status: 403,
    body: { code: 'payments.staff_only' },
  })
  expect(await mine.pay(order.id, { ...CARD, email: 'thief@example.org' })).toMatchObject({
    status: 422,
    body: { code: 'orders.email_stays', errors: [{ pointer: '/email' }] },
  })
  expect((await mine.read(order.id)).body.email).toBe(EMAIL)
  clock.advance(3_600)
  expect(await mine.pay(order.id, { ...CARD, email: EMAIL })).toMatchObject({
    status: 409,
    body: { code: 'orders.hold_expired' },
  })
  clock.reset()
  expect(await paymentsOf(order.id)).toEqual([])
  const other = await paid(await guest(), alike)
  const even = await bearer(keyOf(other.id)).exchange(other.id, other.ticket_id, cheaper)
  expect(even).toMatchObject({ status: 201, body: { done: true, order_key: keyOf(even.body.order.id) } })
  await sound()
})

test('an account’s order is exchanged and paid by its link as well; staff and others get no key', async () => {
  const { here, alike, dearer } = await house()
  const person = await someone()
  const old = await paid(person, here)
  const { order, order_key } = (await bearer(keyOf(old.id)).exchange(old.id, old.ticket_id, dearer)).body
  expect(await (await someone()).post(`${ORDERS}/${order.id}/pay`, CARD)).toMatchObject({ status: 404 })
  expect((await bearer(order_key).pay(order.id)).status).toBe(201)
  expect((await person.get(`${ORDERS}/${order.id}`)).body).toMatchObject({ status: 'paid' })
  const again = await paid(person, alike)
  const tickets = [{ ticket_id: again.ticket_id, seat_id: dearer.seat_ids.at(-3) }]
  const byStaff = await (await as('cashier')).post(`${ORDERS}/${again.id}/exchanges`, { session_id: dearer.id, tickets })
  expect(byStaff).toMatchObject({ status: 201, body: { order_key: null } })
})
