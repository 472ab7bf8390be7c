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

/** A ticket given for a cheaper one: it pays for that, and the difference goes back. */
const buildExchanged = async () => {
  const hall = await given.hall()
  const [dear, cheap] = [
    await given.session({ hall_id: hall.id }),
    await given.session({ hall_id: hall.id, base_price_minor: 15_000, starts_in_minutes: 60 * 48 }),
  ]
  const { body } = await customer.post('/api/v1/tickets', { session_id: dear.id, seat_ids: dear.seat_ids.slice(0, 1) })
  await customer.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  const tickets = [{ ticket_id: body.id, seat_id: cheap.seat_ids[0] }]
  const made = await customer.post(`/api/v1/orders/${body.order.id}/exchanges`, { session_id: cheap.id, tickets })
  return { old_ticket: body.id as number, order: made.body.order.id as number }
}
const exchanged = await buildExchanged()
const refund = `(select max(r.id) from refunds r join payments p on p.id = r.payment_id where p.order_id = ${order})`

test('an order that keeps a part of what was given up breaks nothing', async () => {
  expect(wrongIn(await checkInvariants(db))).toEqual([])
  const [row] = await db.selectFrom('refunds').select(['id', 'amount_minor']).orderBy('id').execute()
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
  [
    'more discount is credited than was lost',
    ['I4', 'I5'],
    `update cancellations set lost_discount_minor = -1, refund_minor = refund_minor + 1 where order_id = ${order}`,
  ],
  ['fees are kept that nobody paid', ['I5'], `update cancellations set kept_fees_minor = 1 where order_id = ${order}`],
  ['a refund is of fees that nobody paid', ['I5'], `update refunds set fees_minor = 1 where id = ${refund}`],
  [
    'what was given up is not given back',
    ['I4', 'I5', 'P1'],
    `delete from refund_items where refund_id = ${refund}`,
    `delete from refunds where id = (select min(id) from refunds)`,
  ],
  [
    'an old ticket is good again after its exchange',
    ['I3', 'X1', 'I1'],
    `update tickets set status = 'paid' where id = ${exchanged.old_ticket}`,
  ],
  [
    'an exchange pays more than the old ticket was worth',
    ['I4', 'X1'],
    `update payments set amount_minor = amount_minor + 1 where provider = 'exchange'`,
  ],
  ['nobody knows where the money of an exchange came from', ['X1', 'P1'], 'delete from exchange_credits'],
  ['an exchange says another amount than it moved', ['X1'], 'update exchanges set credit_minor = credit_minor - 1'],
  [
    'a new ticket was never issued',
    ['I3', 'X1', 'I1', 'I2'],
    `update tickets set status = 'reserved' where order_id = ${exchanged.order}`,
  ],
]

test.each(broken)('%s: %s', async (_name, expected, ...statements) => {
  const report = await checkBroken(db, statements, {})
  expect(
    wrongIn(report)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(expected.toSorted())
})
