import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { checkBroken, wrongIn } from '#testing/broken.ts'
import { checkInvariants } from './service.ts'

const { as, audit, checkout, db, given } = await startTestApp()
const [customer, manager] = [await as('customer'), await as('manager')]

/** An order of which one ticket was given back, and a fifth of what it cost was kept. */
const buildReturned = async () => {
  const cinema = await given.cinema()
  const hall = await given.hall({ cinema_id: cinema.id })
  const session = await given.session({ hall_id: hall.id })
  const terms = { cutoff_minutes: 30, returns_fees: true, charge_per_ticket: 0, charge_percent: 20 }
  await manager.put(`/api/v1/cinemas/${cinema.id}/cancellation-policy`, terms)
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 2) })
  await customer.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  await customer.post(`/api/v1/orders/${body.order.id}/cancel`, { ticket_ids: [body.id] })
  await audit.seal()
  return body.order.id as number
}
const order = await buildReturned()
const refund = `(select max(r.id) from refunds r join payments p on p.id = r.payment_id where p.order_id = ${order})`

test('an order that keeps a part of what was given up breaks nothing', async () => {
  expect(wrongIn(await checkInvariants(db))).toEqual([])
  const [row] = await db.selectFrom('refunds').select(['id', 'amount_minor']).execute()
  expect(row?.amount_minor).toBe(16_000)
  await checkout.refund({ refund_id: row?.id ?? 0 })
  expect(wrongIn(await checkInvariants(db))).toEqual([])
})

const broken: [string, string[], ...string[]][] = [
  [
    'more is kept than was agreed',
    ['I4', 'I5'],
    `update cancellations set charge_minor = charge_minor + 1, refund_minor = refund_minor - 1 where order_id = ${order}`,
  ],
  [
    'the terms of a cancellation do not add up',
    ['I5'],
    `update cancellations set items_minor = items_minor + 1 where order_id = ${order}`,
  ],
  [
    'a ticket was given up and nobody knows why',
    ['I5'],
    `update order_items set cancellation_id = null where order_id = ${order} and canceled_at is not null`,
  ],
  ['a refund is of fees that nobody paid', ['I5'], `update refunds set fees_minor = 1 where id = ${refund}`],
  [
    'what was given up is not given back',
    ['I4', 'I5', 'P1'],
    `delete from refund_items where refund_id = ${refund}`,
    `delete from refunds where id = (select min(id) from refunds)`,
  ],
]

test.each(broken)('%s: %s', async (_name, expected, ...statements) => {
  const report = await checkBroken(db, statements, {})
  expect(wrongIn(report)).toEqual(expected.map((id) => ({ id, examples: expect.arrayContaining([expect.anything()]) })))
})
