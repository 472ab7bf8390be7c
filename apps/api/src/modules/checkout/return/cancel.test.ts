import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, given, db, clock, checkout } = await startTestApp()
const [customer, cashier, manager] = [await as('customer'), await as('cashier'), await as('manager')]

const paid = async (session: { id: number; seat_ids: number[] }, seats = 1, person: Client = customer) => {
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, seats) })
  await person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  return { order: body.order.id as number, tickets: body.tickets.map(({ id }: { id: number }) => id) as number[] }
}
const policy = { cutoff_minutes: 60, returns_fees: true, charge_per_ticket: 0, charge_percent: 0 }
/** A session of a cinema with terms of its own. */
const sessionUnder = async (terms: Partial<typeof policy>, wish: object = {}) => {
  const cinema = await given.cinema()
  const hall = await given.hall({ cinema_id: cinema.id, seats_per_row: 6 })
  expect(await manager.put(`/api/v1/cinemas/${cinema.id}/cancellation-policy`, { ...policy, ...terms })).toMatchObject({
    status: 200,
  })
  return { cinema_id: cinema.id, ...(await given.session({ hall_id: hall.id, ...wish })) }
}
const quote = (order: number, body?: object, person: Client = customer) =>
  person.post(`/api/v1/orders/${order}/cancellation-quote`, body)
const cancel = (order: number, body?: object, person: Client = customer) => person.post(`/api/v1/orders/${order}/cancel`, body)
const cancellationOf = (order: number) =>
  db.selectFrom('cancellations').selectAll().where('order_id', '=', order).executeTakeFirstOrThrow()
const sound = async () => expect((await checkInvariants(db)).violated).toEqual([])

test('R-123: a quote says what goes back for each ticket, to which payment and on which terms, and the cancellation does just that', async () => {
  const session = await sessionUnder({ charge_percent: 10 })
  const { order, tickets } = await paid(session, 3)
  const [a, b] = tickets
  const told = await quote(order, { ticket_ids: [a, b] })
  expect(told).toMatchObject({
    status: 200,
    body: {
      tickets: [
        { ticket_id: a, refusal: null, paid: 200, charge: 20, refund: 180 },
        { ticket_id: b, refusal: null, paid: 200, charge: 20, refund: 180 },
      ],
      items: 400,
      charge: 40,
      refund: 360,
      payments: [{ provider: 'mock', amount: 360 }],
      policies: [{ session_id: session.id, cutoff_minutes: 60, charge_percent: 10 }],
    },
  })
  expect(await cancel(order, { ticket_ids: [a, b], expected_refund: 400 })).toMatchObject({
    status: 409,
    body: { code: 'orders.refund_changed', refund: 360 },
  })
  expect(await cancel(order, { ticket_ids: [a, b], expected_refund: 360 })).toMatchObject({
    status: 200,
    body: { order: { status: 'partially_refunded' }, refunds: [{ amount: 360 }] },
  })
  expect(await customer.get(`/api/v1/orders/${order}`)).toMatchObject({ body: { refunds: [{ amount: 360 }] } })
  expect(await cancellationOf(order)).toMatchObject({ items_minor: 40_000, charge_minor: 4_000, refund_minor: 36_000 })
  expect(await quote(order)).toMatchObject({ body: { tickets: [{ ticket_id: tickets[2] }], refund: 180 } })
  expect(await quote(order, { ticket_ids: [a] })).toMatchObject({ body: { tickets: [{ refusal: 'given_back' }], refund: 0 } })
  await sound()
})

test('what a ticket costs to give back is a sum or a share, never more than was paid for it, and the last one cancels the order', async () => {
  const { order } = await paid(await sessionUnder({ charge_per_ticket: 250 }), 2)
  expect(await quote(order)).toMatchObject({ body: { charge: 400, refund: 0, payments: [] } })
  expect(await cancel(order)).toMatchObject({ status: 200, body: { order: { status: 'canceled' }, refunds: [] } })
  await sound()
})

test('an order keeps the terms it was made under, whatever the cinema decides later', async () => {
  const session = await sessionUnder({ charge_percent: 0 }, { starts_in_minutes: 90 })
  const { order, tickets } = await paid(session)
  await manager.put(`/api/v1/cinemas/${session.cinema_id}/cancellation-policy`, {
    ...policy,
    cutoff_minutes: 600,
    charge_percent: 50,
  })
  const { body: ticket } = await customer.get(`/api/v1/tickets/${tickets[0]}`)
  expect(Date.parse(ticket.returnable_until) - Date.now()).toBeGreaterThan(25 * 60_000)
  expect(await quote(order)).toMatchObject({ body: { refund: 200, tickets: [{ refusal: null }] } })
})

test('R-123: of an order for two sessions, the one still far away goes back and the other stays', async () => {
  const [soon, later] = [await sessionUnder({}, { starts_in_minutes: 61 }), await sessionUnder({ cutoff_minutes: 0 })]
  const first = await customer.post('/api/v1/tickets', { session_id: soon.id, seat_ids: soon.seat_ids.slice(0, 1) })
  const order = first.body.order.id as number
  const second = await customer.post('/api/v1/tickets', {
    session_id: later.id,
    seat_ids: later.seat_ids.slice(0, 1),
    order_id: order,
  })
  await customer.post(`/api/v1/orders/${order}/pay`, { card_token: 'tok_ok' })
  clock.advance(120)
  const [late, good] = [first.body.id as number, second.body.id as number]
  expect(await quote(order)).toMatchObject({
    body: {
      tickets: [
        { ticket_id: late, refusal: 'too_late', refund: 0 },
        { ticket_id: good, refusal: null, refund: 200 },
      ],
      refund: 200,
    },
  })
  expect(await cancel(order)).toMatchObject({
    status: 409,
    body: { code: 'tickets.too_late_to_cancel', ticket_ids: [late], cutoff_minutes: 60 },
  })
  expect(await cancel(order, { ticket_ids: [good] })).toMatchObject({ status: 200, body: { refunds: [{ amount: 200 }] } })
  expect(await customer.get(`/api/v1/tickets/${late}`)).toMatchObject({ body: { status: 'paid' } })
  clock.reset()
  await sound()
})

test('staff go beyond the terms with a reason, which is written down; without one, or as a customer, nobody does', async () => {
  const session = await sessionUnder({ charge_percent: 25 }, { starts_in_minutes: 61 })
  const [one, two] = [await paid(session), await paid({ ...session, seat_ids: session.seat_ids.slice(2) })]
  clock.advance(120)
  expect(await quote(one.order, undefined, cashier)).toMatchObject({
    body: { refund: 150, tickets: [{ refusal: null, beyond_policy: true }] },
  })
  expect(await cancel(one.order, {}, cashier)).toMatchObject({ status: 422, body: { code: 'orders.reason_needed' } })
  expect(await cancel(one.order, { in_full: true, reason: 'please' })).toMatchObject({
    status: 403,
    body: { code: 'orders.staff_decide' },
  })
  expect(await quote(one.order, { in_full: true })).toMatchObject({ status: 403 })
  expect(await cancel(one.order, { reason: 'a flat tyre' }, cashier)).toMatchObject({
    status: 200,
    body: { refunds: [{ amount: 150 }] },
  })
  expect(await cancel(two.order, { in_full: true, reason: 'the lamp was dim' }, cashier)).toMatchObject({
    status: 200,
    body: { refunds: [{ amount: 200, reason: 'the lamp was dim' }] },
  })
  expect(await cancellationOf(two.order)).toMatchObject({ is_beyond_policy: true, actor: `u:${cashier.id}`, charge_minor: 0 })
  const entries = await db.selectFrom('audit_log').select('after').where('action', '=', 'orders.cancelled_by_staff').execute()
  expect(entries.map(({ after }) => after)).toMatchObject([
    { reason: 'a flat tyre', beyond_policy: true },
    { reason: 'the lamp was dim', beyond_policy: true },
  ])
  clock.reset()
})

test('a cancelled session gives back everything, whatever the terms keep', async () => {
  const session = await sessionUnder({ charge_percent: 80 })
  const { order } = await paid(session, 2)
  await manager.post(`/api/v1/sessions/${session.id}/cancel`, { reason: 'no light' })
  await checkout.cancelledSessions.run(session.id)
  expect(await cancellationOf(order)).toMatchObject({ charge_minor: 0, refund_minor: 40_000, is_beyond_policy: false })
})

test('strangers, tickets of other orders and used tickets get nothing', async () => {
  const session = await sessionUnder({})
  const [mine, other] = [await paid(session, 2), await paid(await sessionUnder({}))]
  expect(await quote(mine.order, undefined, await someone())).toMatchObject({ status: 404, body: { code: 'orders.not_found' } })
  expect(await quote(mine.order, { ticket_ids: other.tickets })).toMatchObject({ status: 404 })
  expect(await cancel(mine.order, { ticket_ids: other.tickets })).toMatchObject({ status: 404 })
  expect(await quote(mine.order, { ticket_ids: [] })).toMatchObject({ status: 422 })
  await cashier.put(`/api/v1/tickets/${mine.tickets[0]}`, { status: 'used' })
  expect(await quote(mine.order)).toMatchObject({ body: { tickets: [{ refusal: 'used' }, { refusal: null }], refund: 200 } })
  expect(await cancel(mine.order, { ticket_ids: mine.tickets.slice(0, 1) })).toMatchObject({
    status: 409,
    body: { code: 'tickets.already_used' },
  })
})

test('a held order is quoted with nothing and let go', async () => {
  const session = await sessionUnder({ charge_percent: 50 })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 2) })
  expect(await quote(body.order.id)).toMatchObject({ body: { refund: 0, charge: 0 } })
  expect(await cancel(body.order.id, { ticket_ids: [body.id], expected_refund: 0 })).toMatchObject({
    status: 200,
    body: { order: { status: 'pending', total: 200 } },
  })
})

test('R-123: fees of an order that holds seats, ran out or was given back without them are no money to give back', async () => {
  const session = await sessionUnder({ returns_fees: false })
  const fees = { web: { per_ticket: 5, per_order: 10 }, counter: { per_ticket: 0, per_order: 0 } }
  expect(await manager.put(`/api/v1/cinemas/${session.cinema_id}/price-rules`, { fees })).toMatchObject({ status: 200 })
  const hold = async (seat: number) =>
    (await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[seat]] })).body.order
  const nothing = { status: 200, body: { refund: 0, fees: 0, tax: 0, payments: [] } }
  const [held, bought] = [await hold(0), await hold(2)]
  expect(held).toMatchObject({ fees: 15 })
  expect(await quote(held.id)).toMatchObject(nothing)

  await customer.post(`/api/v1/orders/${bought.id}/pay`, { card_token: 'tok_ok' })
  expect(await cancel(bought.id)).toMatchObject({ status: 200 })
  expect(await quote(bought.id)).toMatchObject(nothing)

  clock.advance(3600)
  expect(await quote(held.id)).toMatchObject(nothing)
  clock.reset()
})

test('the terms of a cinema are for all to see and for its managers to set', async () => {
  const cinema = await given.cinema()
  const path = `/api/v1/cinemas/${cinema.id}/cancellation-policy`
  expect(await customer.get(path)).toMatchObject({
    status: 200,
    body: { cutoff_minutes: 30, charge_percent: 0, charge_per_ticket: 0 },
  })
  expect(await customer.put(path, policy)).toMatchObject({ status: 403 })
  expect(await (await someone('manager', [])).put(path, policy)).toMatchObject({
    status: 403,
    body: { code: 'auth.other_cinema' },
  })
  expect(await manager.put(path, { ...policy, charge_percent: 5, charge_per_ticket: 5 })).toMatchObject({
    status: 422,
    body: { code: 'cinemas.one_charge' },
  })
  expect(await manager.put(path, { ...policy, charge_percent: 101 })).toMatchObject({ status: 422 })
  const seller = { legal_name: 'ТОВ «Кіно»', tax_number: '12345678', legal_address: null }
  expect(await manager.put(`/api/v1/cinemas/${cinema.id}/seller`, seller)).toMatchObject({ status: 200, body: seller })
  expect(await customer.get(`/api/v1/cinemas/${cinema.id}/seller`)).toMatchObject({ status: 403 })
})

test('R-123: a ticket that was cancelled before stays so without an error, also once its order is past its deadline', async () => {
  const session = await given.session({ seats: 3 })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 2) })
  const [gone, held] = body.tickets.map(({ id }: { id: number }) => id)
  const cancelTicket = (id: number) => customer.post(`/api/v1/tickets/${id}/cancel`)
  expect(await cancelTicket(gone)).toMatchObject({ status: 200, body: { status: 'cancelled' } })
  clock.advance(601)
  expect(await cancelTicket(held)).toMatchObject({ status: 409, body: { code: 'tickets.expired' } })
  expect(await cancelTicket(gone)).toMatchObject({ status: 200, body: { status: 'cancelled' } })
  await checkout.sweep.expire()
  expect(await cancelTicket(gone)).toMatchObject({ status: 200, body: { status: 'cancelled' } })
})
