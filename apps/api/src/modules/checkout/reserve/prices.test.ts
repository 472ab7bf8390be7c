import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, given, db, anonymous, guest } = await startTestApp()
const manager = await as('manager')
const customer = await as('customer')

const FEES = { web: { per_ticket: 5, per_order: 2 }, counter: { per_ticket: 0, per_order: 1 } }
const VAT = { mode: 'added', name: 'VAT', percent: 10 }
const setRules = (cinema_id: number, rules: object) => manager.patch(`/api/v1/cinemas/${cinema_id}/price-rules`, rules)

/** A session of 200.00 a seat at a cinema with these rules. */
const show = async (rules?: object, wish: { seat_type?: 'companion' | 'vip'; cinema_id?: number } = {}) => {
  const hall = await given.hall({ seats_per_row: 6, ...wish })
  if (rules) await setRules(hall.cinema_id, rules)
  return { ...(await given.session({ hall_id: hall.id })), cinema_id: hall.cinema_id }
}
const hold = (session_id: number, wish: object, person: Client = customer) =>
  person.post('/api/v1/tickets', { session_id, ...wish })
const orderOf = async (id: number) => (await customer.get(`/api/v1/orders/${id}`)).body
const broken = async () => (await checkInvariants(db)).findings.filter(({ verdict }) => verdict === 'violated')

test('R-120: each seat is charged as whoever sits on it, and each cent says where it comes from', async () => {
  const session = await show({ fees: FEES, tax: VAT })
  const seats = [
    { seat_row: 1, seat_number: 1 },
    { seat_row: 1, seat_number: 2, ticket_type: 'child' },
  ]
  const { status, body } = await hold(session.id, { seats, ticket_type: 'student' })
  expect(status).toBe(201)
  expect(body.tickets.map((ticket: { ticket_type: string; price: number }) => [ticket.ticket_type, ticket.price])).toEqual([
    ['student', 160],
    ['child', 140],
  ])
  expect(body.order).toMatchObject({
    subtotal: 300,
    discount: 0,
    fees: 12,
    tax: 31.2,
    tax_included: 0,
    total: 343.2,
    amount_due: 343.2,
  })
  expect(body.order.items[1]).toMatchObject({
    ticket_type: 'child',
    trace: [
      { source: 'session.base_price', label: 'Standard seat', amount: 200 },
      { source: 'ticket_type.child', label: 'Child', amount: -60 },
    ],
  })
  expect(body.order.trace).toEqual([
    { source: 'fee.web.ticket', label: 'Booking fee, 5 a ticket', amount: 10 },
    { source: 'fee.web.order', label: 'Booking fee', amount: 2 },
    { source: 'tax.added', label: 'VAT 10 %', amount: 31.2 },
  ])
  expect(await orderOf(body.order.id)).toEqual(body.order)
})

test('seats by id and the best seats take types in their order, one for each', async () => {
  const session = await show()
  const ids = session.seat_ids.slice(0, 2).toReversed()
  const { body } = await hold(session.id, { seat_ids: ids, ticket_types: ['child', 'senior'] })
  const typeOf = new Map(
    body.tickets.map((ticket: { seat_id: number; ticket_type: string }) => [ticket.seat_id, ticket.ticket_type]),
  )
  expect(ids.map((id) => typeOf.get(id))).toEqual(['child', 'senior'])
  const best = await hold(
    session.id,
    { best: { count: 2 }, ticket_types: ['adult', 'child'], expected_total: 340 },
    await someone(),
  )
  expect(best).toMatchObject({ status: 201, body: { order: { total: 340 } } })
  expect(await hold(session.id, { best: { count: 2 }, ticket_types: ['adult'] }, await someone())).toMatchObject({
    status: 422,
    body: { code: 'tickets.types_do_not_match' },
  })
})

test.for([
  ['of a name that no type has', 'dog', 'pricing.unknown_ticket_type', '“dog”'],
  ['that is not for the seat', 'companion', 'pricing.type_not_for_seat', 'not for a standard seat'],
])('a type %s is refused and named', async ([_, ticket_type, code, words]) => {
  const session = await show()
  const refused = await hold(session.id, { seats: [{ seat_row: 1, seat_number: 1, ticket_type }] })
  expect(refused).toMatchObject({ status: 422, body: { code, errors: [{ pointer: '/seats/0/ticket_type' }] } })
  expect(refused.body.detail).toContain(words)
})

test('a companion keeps somebody company on the companion seat', async () => {
  const session = await show(undefined, { seat_type: 'companion' })
  expect(await hold(session.id, { seat_ids: session.seat_ids.slice(0, 1), ticket_type: 'companion' })).toMatchObject({
    status: 201,
    body: { price: 100 },
  })
})

test('a quote says what a reservation then costs, holds nothing, and insists on nothing but the seats', async () => {
  const session = await show({ fees: FEES, tax: { mode: 'included', name: 'VAT', percent: 20 } })
  const wish = { session_id: session.id, seat_ids: session.seat_ids.slice(0, 2), ticket_types: ['adult', 'child'] }
  const { status, body: quote } = await anonymous.post('/api/v1/quotes', wish)
  expect([status, quote.total, quote.tax, quote.tax_included]).toEqual([200, 352, 0, 58.67])
  expect(await db.selectFrom('seat_claims').selectAll().where('session_id', '=', session.id).execute()).toEqual([])
  const { body } = await hold(session.id, { ...wish, expected_total: quote.total })
  const { subtotal, discount, fees, tax, tax_included, total, trace } = body.order
  expect({ subtotal, discount, fees, tax, tax_included, total, trace }).toMatchObject(
    Object.fromEntries(Object.entries(quote).filter(([name]) => !['session_id', 'currency', 'lines'].includes(name))),
  )
  expect(body.order.items.map((item: { trace: unknown }) => item.trace)).toEqual(
    quote.lines.map((line: { trace: unknown }) => line.trace),
  )
  expect((await anonymous.post('/api/v1/quotes', wish)).status).toBe(200)
  expect(await anonymous.post('/api/v1/quotes', { ...wish, session_id: 999_999 })).toMatchObject({ status: 404 })
  expect(await anonymous.post('/api/v1/quotes', { ...wish, seat_ids: [1_000_000, 2] })).toMatchObject({ status: 422 })
})

test('a seat that joins an order brings its own fee, and the order its fee once; one that leaves takes its own away', async () => {
  const session = await show({ fees: FEES })
  const { body } = await hold(session.id, { seat_ids: session.seat_ids.slice(0, 1) })
  expect(body.order).toMatchObject({ fees: 7, total: 207 })
  const order_id = body.order.id
  const wish = { order_id, seat_ids: session.seat_ids.slice(1, 2), ticket_type: 'child' }
  expect(await hold(session.id, { ...wish, expected_total: 340 })).toMatchObject({
    status: 409,
    body: { code: 'orders.price_changed', amount_due: 352 },
  })
  expect(await orderOf(order_id)).toMatchObject({ total: 207, tickets: [{}] })
  expect((await hold(session.id, { ...wish, expected_total: 352 })).body.order).toMatchObject({
    fees: 12,
    subtotal: 340,
    total: 352,
  })
  expect((await customer.delete(`/api/v1/tickets/${body.id}`)).body.order).toMatchObject({ fees: 7, subtotal: 140, total: 147 })
})

test('what is held keeps its price and its rules, whatever the cinema decides meanwhile', async () => {
  const session = await show({ fees: FEES })
  const { body } = await hold(session.id, { seat_ids: session.seat_ids.slice(0, 1) })
  await setRules(session.cinema_id, { fees: { ...FEES, web: { per_ticket: 50, per_order: 50 } } })
  await manager.patch(`/api/v1/sessions/${session.id}`, { base_price: 300 })
  const joined = await hold(session.id, { order_id: body.order.id, seat_ids: session.seat_ids.slice(1, 2) })
  expect(joined.body.order).toMatchObject({ subtotal: 500, fees: 12, items: [{ price: 200 }, { price: 300 }] })
  const anew = await hold(session.id, { seat_ids: session.seat_ids.slice(3, 4) }, await someone())
  expect(anew.body.order).toMatchObject({ subtotal: 300, fees: 100 })
})

test('an order with seats at two cinemas pays the fees of both', async () => {
  const [here, there] = [
    await show({ fees: FEES }),
    await show({ fees: { ...FEES, web: { per_ticket: 1, per_order: 0 } }, tax: VAT }),
  ]
  const { body } = await hold(here.id, { seat_ids: here.seat_ids.slice(0, 1) })
  const both = await hold(there.id, { order_id: body.order.id, seat_ids: there.seat_ids.slice(0, 1) })
  expect(both.body.order).toMatchObject({ subtotal: 400, fees: 8, tax: 20.1, total: 428.1 })
})

test('the type of a ticket may change while it is unpaid, and its price with it', async () => {
  const session = await show({ fees: FEES })
  const { body } = await hold(session.id, { seat_ids: session.seat_ids.slice(0, 1) })
  const change = (wish: object, person: Client = customer) => person.patch(`/api/v1/tickets/${body.id}`, wish)
  expect(await change({ ticket_type: 'child' })).toMatchObject({
    status: 200,
    body: { ticket_type: 'child', price: 140, final_price: 140, order: { total: 147 }, seat_id: session.seat_ids[0] },
  })
  expect(await change({ seat_id: session.seat_ids[1] })).toMatchObject({
    status: 200,
    body: { ticket_type: 'child', price: 140 },
  })
  expect(await change({ ticket_type: 'companion' })).toMatchObject({ status: 422, body: { code: 'pricing.type_not_for_seat' } })
  expect(await change({ ticket_type: 'adult' }, await someone())).toMatchObject({ status: 404 })
  await customer.patch(`/api/v1/tickets/${body.id}/pay`, { card_token: 'tok_ok' })
  expect(await change({ ticket_type: 'adult' })).toMatchObject({ status: 409, body: { code: 'orders.already_paid' } })
  expect(await orderOf(body.order.id)).toMatchObject({ status: 'paid', total: 147 })
})

test('only staff of the cinema sell at its counter, where the fee is another one', async () => {
  const session = await show({ fees: FEES })
  const at = (index: number) => ({ seat_ids: session.seat_ids.slice(index, index + 1), channel: 'counter' })
  const refused = { status: 403, body: { code: 'tickets.counter_is_staff' } }
  for (const person of [customer, await guest(), await someone('cashier', [])])
    expect(await hold(session.id, at(0), person)).toMatchObject(refused)
  const cashier = await someone('cashier', [session.cinema_id])
  expect((await hold(session.id, at(0), cashier)).body.order).toMatchObject({ fees: 1, total: 201 })
  const own = { ...at(1), order_id: (await hold(session.id, at(5), cashier)).body.order.id }
  expect(await hold(session.id, own, cashier)).toMatchObject({ status: 422, body: { code: 'tickets.channel_of_order' } })
  expect((await cashier.post('/api/v1/quotes', { session_id: session.id, ...at(1) })).body).toMatchObject({ total: 201 })
  expect(await anonymous.post('/api/v1/quotes', { session_id: session.id, ...at(1) })).toMatchObject(refused)
})

test('the hall says what every type costs and what is added, before anything is held', async () => {
  const session = await show({ fees: FEES, tax: VAT })
  const { body } = await anonymous.get(`/api/v1/sessions/${session.id}/available-seats`)
  expect(body.prices).toEqual({ standard: 200, premium: 300, vip: 400 })
  expect(body.charges).toEqual({ fees: FEES.web, tax: VAT })
  const [adult, child] = body.ticket_types
  expect(adult).toMatchObject({ ticket_type: 'adult', is_default: true, prices: body.prices })
  expect(child).toMatchObject({
    ticket_type: 'child',
    names: { ru: 'Детский' },
    prices: { standard: 140, premium: 210, vip: 280 },
  })
  const { body: best } = await anonymous.get(`/api/v1/sessions/${session.id}/best-seats?count=2`)
  expect(best.total).toBe(453.2)
})

test('a cinema’s rules are read by everybody, changed by those who work there, and rounded as it says', async () => {
  const session = await show()
  const rules = `/api/v1/cinemas/${session.cinema_id}/price-rules`
  expect((await anonymous.get(rules)).body).toEqual({
    cinema_id: session.cinema_id,
    fees: { web: { per_ticket: 0, per_order: 0 }, counter: { per_ticket: 0, per_order: 0 } },
    tax: { mode: 'none', name: 'VAT', percent: 0 },
    rounding: { mode: 'half_up', step: 0.01 },
  })
  await manager.patch(`/api/v1/sessions/${session.id}`, { base_price: 199.5 })
  expect(await manager.put(rules, { rounding: { mode: 'down', step: 1 } })).toMatchObject({
    status: 200,
    body: { tax: { mode: 'none' } },
  })
  expect((await hold(session.id, { seat_ids: session.seat_ids.slice(0, 1), ticket_type: 'child' })).body).toMatchObject({
    price: 139,
  })
  expect(await (await someone('manager', [])).patch(rules, { tax: VAT })).toMatchObject({ status: 403 })
  expect(await customer.patch(rules, { tax: VAT })).toMatchObject({ status: 403 })
  expect(await manager.patch(rules, { fees: { web: FEES.web } })).toMatchObject({ status: 422 })
  expect(await manager.patch(rules, { tax: { ...VAT, percent: 7.125 } })).toMatchObject({
    status: 422,
    body: { code: 'pricing.too_precise' },
  })
  expect(await manager.patch('/api/v1/cinemas/999999/price-rules', { tax: VAT })).toMatchObject({ status: 404 })
})

test('a seat that is bought at once may be for a child', async () => {
  const session = await show({ fees: FEES })
  const wish = { event_id: session.id, seat_id: session.seat_ids[0], ticket_type: 'child', card_token: 'tok_ok' }
  expect(await customer.post('/api/v1/tickets/purchase', wish)).toMatchObject({
    status: 201,
    body: { ticket_type: 'child', price: 140, status: 'paid', payment: { amount: 147 } },
  })
})

test('seats that join those that are mine already are charged as whoever was asked for, and no more than was shown', async () => {
  const session = await show()
  const [first, second, third] = session.seat_ids
  const held = await hold(session.id, { seat_ids: [first], ticket_type: 'child' })
  const wish = { seat_ids: [first, second], ticket_types: ['child', 'child'], expected_total: 280 }
  expect(await hold(session.id, wish)).toMatchObject({
    status: 201,
    body: { order: { id: held.body.order.id, total: 280 }, tickets: [{ ticket_type: 'child' }, { ticket_type: 'child' }] },
  })
  const other = await someone()
  const dear = await hold(session.id, { seat_ids: [third] }, other)
  const cheaper = { ...wish, seat_ids: [third, session.seat_ids[3]] }
  expect(await hold(session.id, cheaper, other)).toMatchObject({
    status: 409,
    body: { code: 'orders.price_changed', amount_due: 340 },
  })
  expect((await other.get(`/api/v1/orders/${dear.body.order.id}`)).body).toMatchObject({ total: 200, tickets: [{ price: 200 }] })
})

test('a door is told whose proof to ask for', async () => {
  const session = await show()
  const { body } = await hold(session.id, { seat_ids: session.seat_ids.slice(0, 1), ticket_type: 'student' })
  await customer.patch(`/api/v1/tickets/${body.id}/pay`, { card_token: 'tok_ok' })
  const scan = { booking_reference: body.booking_reference, device: 'Door 1' }
  expect(await manager.post('/api/v1/tickets/check-in', scan)).toMatchObject({
    body: { result: 'wrong_time', ticket: { ticket_type: 'student', needs_proof: true } },
  })
})

test('all of this leaves books that add up, and one that does not is seen', async () => {
  expect(await broken()).toEqual([])
  await sql`update orders set trace = '[]' where fees_minor > 0`.execute(db)
  expect(await broken()).toMatchObject([{ id: 'I5' }])
})
