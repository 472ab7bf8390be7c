import { expect, test } from 'vitest'

import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, given, db, clock, checkout } = await startTestApp()
const customer = await as('customer')

const hold = async (seats = 1, wish: object = {}, person: Client = customer) => {
  const session = await given.session({ seats: 4, ...wish })
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, seats) })
  return { session, order: body.order, tickets: body.tickets.map(({ id }: { id: number }) => id) as number[] }
}
const paid = async (seats = 1, wish: object = {}) => {
  const made = await hold(seats, wish)
  await customer.post(`/api/v1/orders/${made.order.id}/pay`, { card_token: 'tok_ok' })
  return made
}
const claims = (session_id: number) =>
  db.selectFrom('seat_claims').select(['seat_id', 'state']).where('session_id', '=', session_id).orderBy('seat_id').execute()
const runRefunds = async (orderId: number) => {
  const rows = await db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select('r.id')
    .where('p.order_id', '=', orderId)
    .execute()
  for (const { id } of rows) await checkout.refund({ refund_id: id })
}

test('taking a seat out of an order frees it and lowers the total; the last one cancels the order', async () => {
  const {
    session,
    order,
    tickets: [a, b],
  } = await hold(2)
  expect(await customer.delete(`/api/v1/tickets/${a}`)).toMatchObject({
    status: 200,
    body: { status: 'cancelled', refund: null, order: { status: 'pending', total: 200 } },
  })
  expect(await claims(session.id)).toHaveLength(1)
  expect(await customer.post(`/tickets/${b}/cancel`, {})).toMatchObject({
    status: 200,
    body: { status: 'cancelled', order: { id: order.id, status: 'canceled' } },
  })
  expect(await claims(session.id)).toEqual([])
})

test('R-024, R-056, R-123: cancelling one of two paid tickets gives back what it cost, and its seat is free at once', async () => {
  const {
    session,
    order,
    tickets: [a, b],
  } = await paid(2)
  const cancelled = await customer.post(`/api/v1/tickets/${a}/cancel`, { reason: 'plans changed' })
  expect(cancelled).toMatchObject({
    status: 200,
    body: { status: 'cancelled', refund: { amount: 200, status: 'pending' }, order: { status: 'partially_refunded' } },
  })
  expect(await claims(session.id)).toHaveLength(1)
  await runRefunds(order.id)
  expect(await customer.get(`/api/v1/tickets/${a}`)).toMatchObject({ body: { status: 'refunded' } })
  expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({
    body: { payments: [{ status: 'partially_refunded', refunded: 200 }] },
  })
  await customer.post(`/api/v1/tickets/${b}/cancel`)
  await runRefunds(order.id)
  expect(await customer.get(`/api/v1/orders/${order.id}`)).toMatchObject({
    body: { status: 'canceled', payments: [{ status: 'refunded', refunded: 400 }] },
  })
})

test('cancelling the same ticket many times at once refunds it once', async () => {
  const {
    order,
    tickets: [a],
  } = await paid(1)
  const replies = await Promise.all(Array.from({ length: 6 }, () => customer.post(`/api/v1/tickets/${a}/cancel`)))
  expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200))
  await runRefunds(order.id)
  const journal = await db
    .selectFrom('mock_provider.journal as j')
    .innerJoin('payments as p', 'p.provider_reference', 'j.intent_id')
    .select(['j.kind', 'j.amount_minor'])
    .where('p.order_id', '=', order.id)
    .execute()
  expect(journal.filter(({ kind }) => kind === 'refund')).toEqual([{ kind: 'refund', amount_minor: 20_000 }])
})

test('a whole paid order is cancelled with one refund', async () => {
  const { session, order } = await paid(3)
  expect(await customer.post(`/api/v1/orders/${order.id}/cancel`)).toMatchObject({
    status: 200,
    body: { order: { status: 'canceled' }, refunds: [{ amount: 600 }] },
  })
  expect(await claims(session.id)).toEqual([])
})

test('R-024, R-123: a customer can cancel until half an hour before the start; staff also later', async () => {
  const {
    tickets: [a],
    session,
  } = await paid(1, { starts_in_minutes: 31 })
  const { body: ticket } = await customer.get(`/api/v1/tickets/${a}`)
  const { start_time } = (await customer.get(`/api/v1/sessions/${session.id}`)).body
  expect(Date.parse(start_time) - Date.parse(ticket.returnable_until)).toBe(30 * 60_000)
  clock.advance(120)
  expect(await customer.post(`/api/v1/tickets/${a}/cancel`)).toMatchObject({
    status: 409,
    body: { code: 'tickets.too_late_to_cancel', cutoff_minutes: 30 },
  })
  const cashier = await as('cashier')
  expect(await cashier.post(`/api/v1/tickets/${a}/cancel`, { reason: 'the projector broke' })).toMatchObject({
    status: 200,
    body: { returnable_until: null },
  })
  clock.reset()
})

test('an order waiting for its card is taken back at the bank when the buyer cancels it', async () => {
  const { order } = await hold(1)
  await customer.post('/api/v1/payments/initiate', { order_id: order.id, amount: 200 })
  expect(await customer.post(`/api/v1/orders/${order.id}/cancel`)).toMatchObject({
    status: 200,
    body: { order: { status: 'canceled', payments: [{ status: 'canceled' }] } },
  })
})

test('R-055: a seat is changed while unpaid, with its price, and the old one is free', async () => {
  const hall = await given.hall({ seats_per_row: 3 })
  await db
    .updateTable('seats')
    .set({ seat_type: 'vip' })
    .where('id', '=', hall.seat_ids[2] ?? 0)
    .execute()
  const {
    session,
    order,
    tickets: [a],
  } = await hold(1, { hall_id: hall.id })
  const moved = await customer.put(`/api/v1/tickets/${a}`, { seat_row: 1, seat_number: 3 })
  expect(moved).toMatchObject({
    status: 200,
    body: { seat_number: 3, seat_type: 'vip', price: 400, order: { id: order.id, total: 400 } },
  })
  expect(await claims(session.id)).toEqual([{ seat_id: hall.seat_ids[2], state: 'held' }])
  const other = await someone()
  await other.post('/api/v1/tickets', { session_id: session.id, seat_ids: [hall.seat_ids[0]] })
  expect(await customer.put(`/api/v1/tickets/${a}`, { seat_id: hall.seat_ids[0] })).toMatchObject({
    status: 409,
    body: { code: 'tickets.seats_taken' },
  })
  expect(await other.put(`/api/v1/tickets/${a}`, { seat_id: hall.seat_ids[1] })).toMatchObject({ status: 404 })
})

test('R-055: a change names one other seat in one way, or another type; anything else says so', async () => {
  const { session, tickets } = await hold(1)
  const [seat_id] = session.seat_ids
  for (const wish of [
    {},
    { seat_row: 1 },
    { seat_number: 2 },
    { seat_id, seat_row: 1, seat_number: 2 },
    { seat_id, seat_row: 1 },
  ])
    expect(await customer.put(`/api/v1/tickets/${tickets[0]}`, wish)).toMatchObject({
      status: 422,
      body: { code: 'tickets.name_one_seat', errors: [{ pointer: '' }] },
    })
  expect(await customer.patch(`/api/v1/tickets/${tickets[0]}`, { ticket_type: 'child' })).toMatchObject({ status: 200 })
})

test('two people who swap seats at the same moment do not block each other for ever', async () => {
  const rounds = 20
  const [one, two] = [await someone(), await someone()]
  let refused = 0
  for (let round = 0; round < rounds; round += 1) {
    const session = await given.session({ seats: 2 })
    const [a = 0, b = 0] = session.seat_ids
    const [x, y] = [
      await one.post('/api/v1/tickets', { session_id: session.id, seat_ids: [a] }),
      await two.post('/api/v1/tickets', { session_id: session.id, seat_ids: [b] }),
    ]
    const replies = await Promise.all([
      one.put(`/api/v1/tickets/${x.body.id}`, { seat_id: b }),
      two.put(`/api/v1/tickets/${y.body.id}`, { seat_id: a }),
    ])
    for (const { status } of replies) expect(status).toBe(409)
    refused += replies.length
  }
  expect(refused).toBe(rounds * 2)
})

test('R-055, R-121: staff mark a ticket used once; customers may not', async () => {
  const {
    tickets: [a],
  } = await paid(1)
  expect(await customer.put(`/api/v1/tickets/${a}`, { status: 'used' })).toMatchObject({ status: 403 })
  const cashier = await as('cashier')
  const scans = await Promise.all([
    cashier.put(`/api/v1/tickets/${a}`, { status: 'used' }),
    cashier.put(`/api/v1/tickets/${a}`, { status: 'used' }),
  ])
  expect(scans.map(({ status }) => status).toSorted()).toEqual([200, 409])
  expect(await customer.post(`/api/v1/tickets/${a}/cancel`)).toMatchObject({
    status: 409,
    body: { code: 'tickets.already_used' },
  })
})

test('a scan at the door and a cancellation at the same moment: one of them wins', async () => {
  const cashier = await as('cashier')
  let both = 0
  for (let round = 0; round < 20; round += 1) {
    const {
      tickets: [a],
      order,
    } = await paid(1)
    const [scan, cancel] = await Promise.all([
      cashier.put(`/api/v1/tickets/${a}`, { status: 'used' }),
      customer.post(`/api/v1/tickets/${a}/cancel`),
    ])
    expect([scan.status, cancel.status].toSorted()).toEqual([200, 409])
    const refunds = await db
      .selectFrom('refunds as r')
      .innerJoin('payments as p', 'p.id', 'r.payment_id')
      .select('r.id')
      .where('p.order_id', '=', order.id)
      .execute()
    expect(refunds).toHaveLength(cancel.status === 200 ? 1 : 0)
    both += 1
  }
  expect(both).toBe(20)
})

test('a hold is extended once, by five minutes', async () => {
  const { order, session } = await hold(1)
  const extended = await customer.post(`/api/v1/orders/${order.id}/extend`)
  expect(extended.status).toBe(200)
  expect(Date.parse(extended.body.expires_at) - Date.parse(order.expires_at)).toBe(300_000)
  const [claim] = await db.selectFrom('seat_claims').select('expires_at').where('session_id', '=', session.id).execute()
  expect(claim?.expires_at?.toISOString()).toBe(extended.body.expires_at)
  expect(await customer.post(`/api/v1/orders/${order.id}/extend`)).toMatchObject({
    status: 409,
    body: { code: 'orders.already_extended' },
  })
})

test('a hold that was extended with a key answers its repeats as it was, however many come at once', async () => {
  const { order } = await hold(1)
  const key = { 'idempotency-key': `extend-${order.id}` }
  const extend = () => customer.post(`/api/v1/orders/${order.id}/extend`, undefined, key)
  const replies = [...(await Promise.all([extend(), extend(), extend()])), await extend()]
  const expected = new Date(Date.parse(order.expires_at) + 300_000).toISOString()
  for (const { status, body } of replies) expect([status, body.expires_at]).toEqual([200, expected])
})

test('nothing lives longer than half an hour after its first claim', async () => {
  const { order } = await hold(1)
  await customer.post(`/api/v1/orders/${order.id}/extend`)
  clock.advance(890)
  await customer.post(`/api/v1/orders/${order.id}/pay`, { card_token: 'tok_card_declined' })
  const { body } = await customer.get(`/api/v1/orders/${order.id}`)
  expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBeLessThanOrEqual(1_800_000)
  clock.advance(895)
  await customer.post(`/api/v1/orders/${order.id}/pay`, { card_token: 'tok_card_declined' })
  clock.advance(20)
  expect(await customer.post(`/api/v1/orders/${order.id}/pay`, { card_token: 'tok_ok' })).toMatchObject({
    status: 409,
    body: { code: 'orders.hold_expired' },
  })
  clock.reset()
})

test('R-130: the sweep expires overdue orders whole, and only those', async () => {
  const [old, young] = [await hold(2), await hold(1)]
  await db
    .updateTable('orders')
    .set({ expires_at: new Date(Date.now() - 1000) })
    .where('id', '=', old.order.id)
    .execute()
  await db
    .updateTable('seat_claims')
    .set({ expires_at: new Date(Date.now() - 1000) })
    .where('order_id', '=', old.order.id)
    .execute()
  expect(await checkout.sweep.expire()).toBe(1)
  expect(await claims(old.session.id)).toEqual([])
  expect(await claims(young.session.id)).toHaveLength(1)
  const { body } = await customer.get(`/api/v1/tickets/my?status=expired&session_id=${old.session.id}`)
  expect(body).toMatchObject({ total: 2 })
})

test('R-022, R-053: customers list their own tickets and orders; staff see everybody’s', async () => {
  const person = await someone()
  const { order, session } = await hold(2, {}, person)
  expect(await person.get('/api/v1/tickets/my')).toMatchObject({ status: 200, body: { total: 2 } })
  expect(await person.get('/api/v1/orders')).toMatchObject({ status: 200, body: { total: 1, items: [{ id: order.id }] } })
  expect(await customer.get(`/api/v1/tickets?session_id=${session.id}`)).toMatchObject({ body: { total: 0 } })
  expect(await customer.get(`/api/v1/tickets?user_id=${person.id}`)).toMatchObject({ status: 403 })
  const manager = await as('manager')
  expect(await manager.get(`/api/v1/tickets?session_id=${session.id}&user_id=${person.id}`)).toMatchObject({ body: { total: 2 } })
  expect(await person.get('/api/v1/tickets/my?page=1&skip=2')).toMatchObject({ status: 422, body: { code: 'pagination.mixed' } })
  expect(await person.get('/api/v1/tickets/my?colour=red')).toMatchObject({ status: 422 })
})
