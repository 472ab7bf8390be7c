import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, given, db } = await startTestApp()
const admin = await as('admin')
const names = { uk: 'Знижка', ru: 'Скидка', en: 'Discount' }

const hold = async (person: Client, count: number, wish: object = {}) => {
  const { id, seat_ids } = await given.session({ seats: count })
  const { status, body } = await person.post('/api/v1/tickets', { session_id: id, seat_ids, ...wish })
  expect(status).toBe(201)
  return { id: body.order.id as number, total: body.order.total as number, tickets: body.tickets as { id: number }[] }
}
const pay = async (person: Client, { id }: { id: number }) =>
  expect(await person.post(`/api/v1/orders/${id}/pay`, { card_token: 'tok_ok' })).toMatchObject({ status: 201 })
const cancel = (person: Client, ticket: { id: number } | undefined) => person.post(`/api/v1/tickets/${ticket?.id}/cancel`, {})
const points = async (person: Client) => (await person.get('/api/v1/loyalty')).body.points

test('R-300 whoever bought three to get one free and gives one back pays two in full', async () => {
  const three = { names, kind: 'cheapest', percent: 100, free_tickets: 1, of_tickets: 3, codes: ['THREE'] }
  await admin.post('/api/v1/promotions', three)
  const person = await someone()
  const order = await hold(person, 3, { promo_code: 'THREE' })
  expect(order.total).toBe(400)
  await pay(person, order)
  const quote = await person.post(`/api/v1/orders/${order.id}/cancellation-quote`, { ticket_ids: [order.tickets[2]?.id] })
  expect(quote).toMatchObject({ status: 200, body: { items: 200, lost_discount: 200, refund: 0 } })
  await cancel(person, order.tickets[2])
  const again = await cancel(person, order.tickets[1])
  expect(again.body.refund).toMatchObject({ amount: 200 })
  expect((await person.get(`/api/v1/orders/${order.id}`)).body).toMatchObject({ status: 'partially_refunded' })
  const last = await person.post(`/api/v1/orders/${order.id}/cancellation-quote`, {})
  expect(last.body).toMatchObject({ items: 0, lost_discount: -200, refund: 200, payments: [{ amount: 200 }] })
  const { body } = await person.post(`/api/v1/orders/${order.id}/cancel`, { expected_refund: 200 })
  expect(body.refunds.map(({ amount }: { amount: number }) => amount)).toEqual([200, 200])
  expect((await checkInvariants(db)).violated).toEqual([])
})

test('R-300 a percentage stays with what is kept, and a whole order gives everything back', async () => {
  await admin.post('/api/v1/promotions', { names, kind: 'percent', percent: 25, codes: ['QUARTER'], minimum_tickets: 2 })
  const person = await someone()
  const order = await hold(person, 3, { promo_code: 'QUARTER' })
  await pay(person, order)
  expect((await cancel(person, order.tickets[0])).body.refund).toMatchObject({ amount: 150 })
  const whole = await hold(person, 3, { promo_code: 'QUARTER' })
  await pay(person, whole)
  expect((await person.post(`/api/v1/orders/${whole.id}/cancel`)).body.refunds).toMatchObject([{ amount: 450 }])
})

test('R-125 points that were earned and spent since are kept of the money', async () => {
  const person = await someone()
  const order = await hold(person, 10)
  await pay(person, order)
  expect(await points(person)).toBe(60)
  const next = await hold(person, 1)
  expect(await person.put(`/api/v1/orders/${next.id}/points`, { points: 50 })).toMatchObject({ status: 200 })
  await pay(person, next)
  const left = await points(person)
  const quote = await person.post(`/api/v1/orders/${order.id}/cancellation-quote`, {})
  expect(quote.body).toMatchObject({ items: 2_000, lost_discount: 60 - left, refund: 2_000 - 60 + left })
  const { body } = await person.post(`/api/v1/orders/${order.id}/cancel`)
  expect(body.refunds).toMatchObject([{ amount: 2_000 - 60 + left }])
  expect(await points(person)).toBe(0)
})

test('after all of it the books add up', async () => {
  expect((await checkInvariants(db)).violated).toEqual([])
})
