import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { createTicketVerifier } from '#modules/tickets/qr.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { drawHall, openHall } from '#testing/halls.ts'
import { openMailbox } from '#testing/mailbox.ts'

const house = await startTestApp({ config: { SEAT_RULES: false } })
const { as, someone, anonymous, given, db, clock, checkout, directory } = house
const verifyTicket = createTicketVerifier([house.keys.tickets])
const [customer, manager, cashier] = [await as('customer'), await as('manager'), await as('cashier')]

type Ticket = { id: number; seat_id: number; qr_code: string; seat_row: string; seat_number: number; final_price: number }
const path = (id: number, rest = '') => `/api/v1/sessions/${id}${rest}`
/** A session in one drawn hall, with another of the same cinema ready. */
const twoHalls = async (from: string[], to: string[]) => {
  const old = await openHall(house, from)
  const next = await drawHall(house, to, old.cinema_id, 2)
  return { id: old.session_id, old, next }
}
const hold = async (session_id: number, seat_ids: number[], person: Client = customer) => {
  const reply = await person.post('/api/v1/tickets', { session_id, seat_ids })
  expect(reply.status).toBe(201)
  return reply.body.order
}
const pay = async (order: { id: number }, person: Client = customer) => {
  const reply = await person.post(`/api/v1/orders/${order.id}/pay`, { card_token: 'tok_ok', email: 'buyer@marquee.test' })
  expect(reply.status).toBe(201)
  return reply.body.order as { id: number; tickets: Ticket[] }
}
const buy = async (session_id: number, seat_ids: number[], person: Client = customer) =>
  pay(await hold(session_id, seat_ids, person), person)
const preview = (id: number, hall_id: number, person: Client = manager) =>
  person.post(path(id, '/hall-swap-preview'), { hall_id })
const swap = async (id: number, hall_id: number, wish: object = {}, headers = {}) => {
  const seen = await preview(id, hall_id)
  const body = { hall_id, unplaced: 'refuse', expected_version: seen.body.expected_version, ...wish }
  return manager.post(path(id, '/hall-swap'), body, headers)
}
const orderOf = async (order: { id: number }, person: Client = customer) => (await person.get(`/api/v1/orders/${order.id}`)).body
const claimsOf = (id: number) =>
  db.selectFrom('seat_claims').select(['seat_id', 'state']).where('session_id', '=', id).orderBy('seat_id').execute()
const stateOf = async (id: number) => ({
  session: await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst(),
  claims: await claimsOf(id),
  tickets: await db.selectFrom('tickets').selectAll().where('session_id', '=', id).orderBy('id').execute(),
})
const giveBackAll = async () => {
  const rows = await db.selectFrom('refunds').select('id').where('status', '=', 'pending').execute()
  for (const { id } of rows) await checkout.refund({ refund_id: id })
}
const refundsAtBank = async (orderId: number) => {
  const { rows } = await sql<{ amount_minor: number }>`
    select j.amount_minor from mock_provider.journal j join payments p on p.provider_reference = j.intent_id
    where p.order_id = ${orderId} and j.kind = 'refund' order by j.amount_minor`.execute(db)
  return rows.map(({ amount_minor }) => amount_minor)
}
const mailOf = async (swapId: number) => {
  const { rows } = await sql<{ data: never }>`
    select data from pgboss.job where name = 'mail.order' and data ->> 'kind' = 'hall_swapped' and (data ->> 'swap_id')::bigint = ${swapId}`.execute(
    db,
  )
  return rows.map(({ data }) => data)
}
const holds = async () => expect((await checkInvariants(db)).violated).toEqual([])

test('R-116: a session with sold and held seats takes place in another hall, and everybody has a seat there', async () => {
  const { id, old, next } = await twoHalls(['..........', '.....wk...'], ['............', '............', '..wk........'])
  const party = await buy(id, old.seats(3, 4, 5))
  const wheelchair = await buy(id, old.seats(16, 17))
  const waiting = await someone()
  const held = await hold(id, old.seats(11, 12), waiting)
  const seen = await preview(id, next.id)
  const counts = { tickets: 5, orders: 2, placed: 5, unplaced: 0, better: 0, lesser: 0 }
  expect(seen).toMatchObject({
    status: 200,
    body: { session_id: id, counts, refund_total: 0, capacity: { old: 20, new: 36 }, holds: { kept: 2, dropped: 0 } },
  })
  expect(await claimsOf(id)).toHaveLength(7)

  const swapped = await swap(id, next.id)
  expect(swapped).toMatchObject({ status: 200, body: { counts, actor: `u:${manager.id}`, new_hall: { name: 'Drawn 2' } } })
  expect(swapped.body.seats).toEqual(seen.body.seats)
  const order = await orderOf(party)
  expect(order.tickets.map(({ seat_id }: Ticket) => seat_id)).toEqual(next.seats(4, 5, 6))
  const { tickets } = await orderOf(wheelchair)
  expect(tickets.map(({ seat_id }: Ticket) => seat_id)).toEqual(next.seats(27, 28))
  for (const [at, { qr_code, seat_id }] of order.tickets.entries()) {
    expect(qr_code).not.toBe(party.tickets[at]?.qr_code)
    expect(verifyTicket(qr_code)).toMatchObject({ seat_id, session_id: id })
  }
  const { body: session } = await anonymous.get(path(id))
  expect(session).toMatchObject({
    hall_id: next.id,
    status: 'rescheduled',
    sold_tickets: 5,
    reserved_tickets: 2,
    available_seats: 29,
  })
  expect(await pay(held, waiting)).toMatchObject({ status: 'paid', total: held.total })
  await holds()
})

test('R-119: each buyer is told once which seat became which', async () => {
  const { id, old, next } = await twoHalls(['....'], ['v...'])
  const buyer = await someone()
  const order = await buy(id, old.seats(1, 2), buyer)
  const swapped = await swap(id, next.id)
  await db.updateTable('orders').set({ locale: 'en' }).where('id', '=', order.id).execute()
  const jobs = await mailOf(swapped.body.id)
  expect(jobs).toEqual([{ order_id: order.id, kind: 'hall_swapped', swap_id: swapped.body.id }])
  for (const job of [...jobs, ...jobs]) await checkout.orderMail(job)
  const [letter, ...more] = openMailbox(directory).find('buyer@marquee.test', 'hall_swapped')
  expect(more).toEqual([])
  expect(letter?.text).toContain('Drawn 2, row 1, seat 2 (standard)')
  expect(letter?.text).toContain('Before: Drawn 1, row 1, seat 1 (standard)')
})

test('R-116: an old code does not open the door any more, and the new one does; who is inside keeps that', async () => {
  const { id, old, next } = await twoHalls(['....'], ['....'])
  const { tickets } = await buy(id, old.seats(1, 2))
  clock.advance(24 * 3600 - 1800)
  const scan = (qr_code: string) => cashier.post('/api/v1/tickets/check-in', { device: 'Door 1', qr_code })
  expect((await scan(tickets[0]?.qr_code ?? '')).body.result).toBe('ok')
  expect(await swap(id, next.id)).toMatchObject({ status: 200 })
  expect((await scan(tickets[1]?.qr_code ?? '')).body.result).toBe('cancelled')
  const now = (await orderOf({ id: (tickets[0] as unknown as { order_id: number }).order_id })).tickets
  expect(now.map(({ status }: { status: string }) => status)).toEqual(['used', 'paid'])
  expect((await scan(now[1].qr_code)).body).toMatchObject({ result: 'ok', session: { hall_id: next.id } })
  clock.reset()
  await holds()
})

test('R-116: who gets a seat of a lesser class gets the difference back, and the rest when they give it back', async () => {
  const { id, old, next } = await twoHalls(['vv..'], ['v...'])
  const order = await buy(id, old.seats(1, 2))
  expect(order.tickets.map(({ final_price }) => final_price)).toEqual([400, 400])
  const swapped = await swap(id, next.id)
  expect(swapped).toMatchObject({ body: { counts: { lesser: 1 }, refund_total: 200 } })
  await giveBackAll()
  expect(await refundsAtBank(order.id)).toEqual([20_000])
  const after = await orderOf(order)
  expect(after).toMatchObject({ status: 'partially_refunded', total: 800 })
  expect(after.tickets.map(({ status, final_price }: never) => [status, final_price])).toEqual([
    ['paid', 400],
    ['paid', 200],
  ])
  await holds()
  expect(await customer.post(`/api/v1/orders/${order.id}/cancel`)).toMatchObject({ status: 200 })
  await giveBackAll()
  expect((await refundsAtBank(order.id)).reduce((sum, minor) => sum + minor, 0)).toBe(80_000)
  await holds()
})

test('R-116, R-125: with the difference go the points that it had brought', async () => {
  const { id, old, next } = await twoHalls(['vv..'], ['v...'])
  const buyer = await someone()
  await buy(id, old.seats(1, 2), buyer)
  const points = async () => (await buyer.get('/api/v1/loyalty')).body
  expect(await points()).toMatchObject({ points: 24, spent: 800 })
  expect(await swap(id, next.id)).toMatchObject({ status: 200 })
  expect(await points()).toMatchObject({ points: 18, spent: 600 })
  await holds()
})

test('R-116: with the difference goes the tax that was added to it', async () => {
  const { id, old, next } = await twoHalls(['vv..'], ['v...'])
  await manager.patch(`/api/v1/cinemas/${old.cinema_id}/price-rules`, { tax: { mode: 'added', name: 'VAT', percent: 10 } })
  const buyer = await someone()
  const order = await buy(id, old.seats(1, 2), buyer)
  expect(await orderOf(order, buyer)).toMatchObject({ total: 880, tax: 80 })
  const seats = [{ refund: 0 }, { refund: 220 }]
  const { body: seen } = await preview(id, next.id)
  expect(seen).toMatchObject({ refund_total: 220, seats })
  expect(await swap(id, next.id)).toMatchObject({ status: 200, body: { refund_total: 220, seats } })
  await giveBackAll()
  expect(await refundsAtBank(order.id)).toEqual([22_000])
  expect((await buyer.post(`/api/v1/orders/${order.id}/cancellation-quote`)).body).toMatchObject({
    items: 600,
    tax: 60,
    refund: 660,
  })
  expect(await buyer.post(`/api/v1/orders/${order.id}/cancel`, { expected_refund: 660 })).toMatchObject({ status: 200 })
  await holds()
})

test('R-116, R-300: a promotion knows its tickets on their new seats, so that none is kept for nothing', async () => {
  const { id, old, next } = await twoHalls(['....'], ['....'])
  const names = { uk: 'Два за ціною одного', ru: 'Два по цене одного', en: 'Two for one' }
  const two = { names, kind: 'cheapest', percent: 100, free_tickets: 1, of_tickets: 2, codes: ['SWAPTWO'] }
  expect(await (await as('admin')).post('/api/v1/promotions', two)).toMatchObject({ status: 201 })
  const buyer = await someone()
  const held = await buyer.post('/api/v1/tickets', { session_id: id, seat_ids: old.seats(1, 2), promo_code: 'SWAPTWO' })
  const order = await pay(held.body.order, buyer)
  const costly = order.tickets.find(({ final_price }) => final_price > 0)
  const ask = () => buyer.post(`/api/v1/orders/${order.id}/cancellation-quote`, { ticket_ids: [costly?.id] })
  const before = await ask()
  expect(before.body).toMatchObject({ items: 200, lost_discount: 200, refund: 0 })
  expect(await swap(id, next.id)).toMatchObject({ status: 200 })
  expect((await ask()).body).toMatchObject({ items: 200, lost_discount: 200, refund: 0 })
})

test('R-116: tickets without a seat refuse the swap, or get their money back whole; holds without one end', async () => {
  const { id, old, next } = await twoHalls(['......'], ['...'])
  const [first, second] = [await buy(id, old.seats(1, 2)), await buy(id, old.seats(3, 4), await someone())]
  const held = await hold(id, old.seats(5, 6))
  const before = await stateOf(id)
  const refused = await swap(id, next.id)
  const unplaced = second.tickets.map((ticket) => ticket.id).slice(-1)
  expect(refused).toMatchObject({ status: 409, body: { code: 'sessions.seats_unplaced', ticket_ids: unplaced } })
  expect(await stateOf(id)).toEqual(before)

  const swapped = await swap(id, next.id, { unplaced: 'refund' })
  expect(swapped).toMatchObject({ status: 200, body: { counts: { placed: 3, unplaced: 1 }, refund_total: 200 } })
  expect(await claimsOf(id)).toHaveLength(3)
  await holds()
  await giveBackAll()
  expect([await refundsAtBank(first.id), await refundsAtBank(second.id)]).toEqual([[], [20_000]])
  expect(await orderOf(held)).toMatchObject({ status: 'canceled' })
  for (const job of await mailOf(swapped.body.id)) await checkout.orderMail(job)
  await holds()
})

test('R-116: seats held by an exchange stand or end together, and the tickets given for them stay good', async () => {
  const { id, old, next } = await twoHalls(['vv..'], ['v...'])
  const third = await drawHall(house, ['..'], old.cinema_id, 3)
  const before = await given.session({ hall_id: third.id })
  const order = await buy(before.id, third.seats(1, 2))
  const seats = old.seats(1, 2)
  const tickets = order.tickets.map((ticket, at) => ({ ticket_id: ticket.id, seat_id: seats[at] }))
  const exchange = await customer.post(`/api/v1/orders/${order.id}/exchanges`, { session_id: id, tickets })
  expect(exchange).toMatchObject({ status: 201, body: { done: false, order: { status: 'pending' } } })
  expect(await preview(id, next.id)).toMatchObject({ body: { holds: { kept: 0, dropped: 2 } } })
  expect(await swap(id, next.id)).toMatchObject({ status: 200 })
  expect(await claimsOf(id)).toEqual([])
  expect(await orderOf(exchange.body.order)).toMatchObject({ status: 'canceled' })
  expect((await orderOf(order)).tickets.map(({ status }: never) => status)).toEqual(['paid', 'paid'])
  await holds()
})

test('R-116: who has walked in is never left without a seat', async () => {
  const { id, old, next } = await twoHalls(['wk..'], ['....'])
  const { tickets } = await buy(id, old.seats(1))
  await cashier.put(`/api/v1/tickets/${tickets[0]?.id}`, { status: 'used' })
  expect((await preview(id, next.id)).body.inside).toEqual([tickets[0]?.id])
  expect(await swap(id, next.id, { unplaced: 'refund' })).toMatchObject({
    status: 409,
    body: { code: 'sessions.holders_inside' },
  })
})

test('R-116: a swap is refused to others, and when hall, version or time do not allow it', async () => {
  const { id, old, next } = await twoHalls(['....'], ['....'])
  const elsewhere = await given.hall()
  for (const [person, status] of [
    [anonymous, 401],
    [customer, 403],
    [cashier, 403],
    [await someone('manager', [elsewhere.cinema_id]), 403],
  ] as const) {
    expect(await preview(id, next.id, person)).toMatchObject({ status })
    const body = { hall_id: next.id, unplaced: 'refuse', expected_version: 1 }
    expect(await person.post(path(id, '/hall-swap'), body)).toMatchObject({ status })
  }
  expect(await preview(999_999, next.id)).toMatchObject({ status: 404 })
  expect(await preview(id, old.hall_id)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/hall_id' }] } })
  expect(await preview(id, elsewhere.id)).toMatchObject({ status: 422, body: { code: 'sessions.other_cinema' } })
  expect(await swap(id, next.id, { unplaced: 'perhaps' })).toMatchObject({ status: 422 })
  expect(await swap(id, next.id, { expected_version: 99 })).toMatchObject({ status: 409, body: { code: 'sessions.changed' } })
  const clash = await given.session({ hall_id: next.id })
  expect(await swap(id, next.id)).toMatchObject({ status: 409, body: { code: 'sessions.overlap', session: { id: clash.id } } })
  await manager.post(path(id, '/cancel'))
  expect(await preview(id, next.id)).toMatchObject({ status: 409, body: { code: 'sessions.cancelled' } })
})

test('a swap that is asked for twice with one key happens once', async () => {
  const { id, old, next } = await twoHalls(['....'], ['....'])
  await buy(id, old.seats(1))
  const { body: seen } = await preview(id, next.id)
  const body = { hall_id: next.id, unplaced: 'refuse', expected_version: seen.expected_version }
  const ask = () => manager.post(path(id, '/hall-swap'), body, { 'idempotency-key': `swap-${id}` })
  const replies = await Promise.all([ask(), ask(), ask()])
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
  expect(await ask()).toMatchObject({ status: 200, body: { id: replies[0]?.body.id } })
  expect(await db.selectFrom('session_swaps').select('id').where('session_id', '=', id).execute()).toHaveLength(1)
  await holds()
})
