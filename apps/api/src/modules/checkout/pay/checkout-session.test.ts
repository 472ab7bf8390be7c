import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, guest, given, db, config, clock } = await startTestApp()
const customer = await as('customer')

const hold = async (person: Client = customer) => {
  const session = await given.session({ seats: 2 })
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  return body.order as { id: number; reference: string; total: number }
}
const start = (person: Client, body: object, headers = {}) => person.post('/api/v1/payments/checkout-session', body, headers)
const paymentsOf = (id: number) => db.selectFrom('payments').select(['id', 'amount_minor']).where('order_id', '=', id).execute()

test('R-097 whoever holds an order is sent to our payment page, and coming again finds the same payment', async () => {
  const order = await hold()
  const made = await start(customer, { order_id: order.id, expected_total: 400 })
  expect(made).toMatchObject({
    status: 201,
    body: { status: 'pending', amount: 400, redirect_url: `${config.PUBLIC_URL}/pay/${order.reference}` },
  })
  expect(await start(customer, { order_id: order.id })).toMatchObject({ status: 201, body: { id: made.body.id } })
  expect(await paymentsOf(order.id)).toEqual([{ id: made.body.id, amount_minor: 40_000 }])
  const paid = await customer.post(`/api/v1/orders/${order.id}/pay`, { card_token: 'tok_ok' })
  expect(paid).toMatchObject({ status: 201, body: { id: made.body.id, status: 'success' } })
  expect(await start(customer, { order_id: order.id })).toMatchObject({ status: 409, body: { code: 'orders.already_paid' } })
})

test('R-097 one key has one payment, however often and however many at once it is sent', async () => {
  const order = await hold()
  const headers = { 'idempotency-key': `session-${order.id}` }
  const replies = await Promise.all(Array.from({ length: 4 }, () => start(customer, { order_id: order.id }, headers)))
  const ids = new Set(replies.filter(({ status }) => status === 201).map(({ body }) => body.id))
  expect(ids.size).toBe(1)
  expect(await start(customer, { order_id: order.id }, headers)).toMatchObject({ status: 201, body: { id: [...ids][0] } })
  expect(await paymentsOf(order.id)).toHaveLength(1)
})

test('R-097 another price than was shown is refused with the new one, and nothing is started', async () => {
  const order = await hold()
  const { body: promotion } = await (
    await as('admin')
  ).post('/api/v1/promotions', {
    names: { uk: 'Знижка', ru: 'Скидка', en: 'Discount' },
    kind: 'percent',
    percent: 10,
    codes: ['SESSION'],
  })
  expect(promotion.id).toBeGreaterThan(0)
  expect(await customer.put(`/api/v1/orders/${order.id}/promo-code`, { code: 'SESSION' })).toMatchObject({ status: 200 })
  expect(await start(customer, { order_id: order.id, expected_total: 400 })).toMatchObject({
    status: 409,
    body: { code: 'orders.price_changed', amount_due: 360 },
  })
  expect(await paymentsOf(order.id)).toEqual([])
  expect(await start(customer, { order_id: order.id, expected_total: 360 })).toMatchObject({ status: 201, body: { amount: 360 } })
})

test('R-097 a buyer returns to a page of ours and to no other', async () => {
  const order = await hold()
  for (const return_url of ['https://evil.example/', `${config.PUBLIC_URL}.evil.example/`, 'https://u:p@evil.example/'])
    expect(await start(customer, { order_id: order.id, return_url })).toMatchObject({
      status: 422,
      body: { code: 'payments.foreign_return_url', errors: [{ pointer: '/return_url' }] },
    })
  expect((await start(customer, { order_id: order.id, return_url: 'javascript:alert(1)' })).status).toBe(422)
  expect(await paymentsOf(order.id)).toEqual([])
  const return_url = `${config.PUBLIC_URL}/account?tab=tickets`
  const { body } = await start(customer, { order_id: order.id, return_url })
  const page = new URL(body.redirect_url)
  expect([page.pathname, page.searchParams.get('return_url')]).toEqual([`/pay/${order.reference}`, return_url])
})

test('R-025 whoever starts a payment and says where to return is led to our page, which leads back there', async () => {
  const order = await hold()
  const initiate = (more: object) => customer.post('/api/v1/payments/initiate', { order_id: order.id, amount: 400, ...more })
  expect(await initiate({ return_url: 'https://evil.example/' })).toMatchObject({
    status: 422,
    body: { code: 'payments.foreign_return_url', errors: [{ pointer: '/return_url' }] },
  })
  expect(await paymentsOf(order.id)).toEqual([])
  expect(await initiate({})).toMatchObject({ status: 201, body: { redirect_url: null } })
  const return_url = `${config.PUBLIC_URL}/account`
  const page = new URL((await initiate({ return_url })).body.redirect_url)
  expect([page.pathname, page.searchParams.get('return_url')]).toEqual([`/pay/${order.reference}`, return_url])
})

test('R-097 a guest pays their own, once they have said where tickets go; nobody pays what is not theirs', async () => {
  const visitor = await guest()
  const order = await hold(visitor)
  expect(await start(visitor, { order_id: order.id })).toMatchObject({ status: 422, body: { code: 'orders.email_required' } })
  for (const other of [await someone(), await as('manager'), await guest()])
    expect(await start(other, { order_id: order.id })).toMatchObject({ status: 404, body: { code: 'orders.not_found' } })
  expect(await start(visitor, { order_id: order.id, email: 'guest@example.com' })).toMatchObject({ status: 201 })
})

test('R-097 what has run out is not paid', async () => {
  const order = await hold()
  clock.advance(11 * 60)
  expect(await start(customer, { order_id: order.id })).toMatchObject({ status: 409, body: { code: 'orders.hold_expired' } })
  expect((await checkInvariants(db)).violated.filter((id) => id !== 'I7')).toEqual([])
})
