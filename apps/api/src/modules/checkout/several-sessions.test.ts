import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { wrongIn } from '#testing/broken.ts'
import { openMailbox } from '#testing/mailbox.ts'

const { as, audit, checkout, db, directory, given, guest, receipts, someone } = await startTestApp({
  config: { SEAT_RULES: false },
})
const [admin, manager] = [await as('admin'), await as('manager')]

const ORDERS = '/api/v1/orders'
const TICKETS = '/api/v1/tickets'
type Session = Awaited<ReturnType<typeof given.session>>
type Ticket = { id: number; session_id: number; status: string; qr_code: string | null; final_price: number }
type Order = { id: number; tickets: Ticket[]; total: number; expires_at: string }

let serial = 0
/** A cinema that takes a fee of ten for each ticket, with sessions of these prices and a code for ten per cent off. */
const house = async (prices: number[]) => {
  const cinema = await given.cinema()
  await db.insertInto('cinema_price_rules').values({ cinema_id: cinema.id, web_ticket_fee_minor: 1_000 }).execute()
  const code = `TOGETHER${(serial += 1)}`
  const names = { uk: 'Разом', ru: 'Вместе', en: 'Together' }
  const promotion = await admin.post('/api/v1/promotions', {
    names,
    kind: 'percent',
    percent: 10,
    codes: [code],
    cinema_ids: [cinema.id],
  })
  expect(promotion.status).toBe(201)
  const sessions: Session[] = []
  for (const [at, price] of prices.entries())
    sessions.push(
      await given.session({
        hall_id: (await given.hall({ cinema_id: cinema.id })).id,
        base_price_minor: price * 100,
        starts_in_minutes: 1440 + at * 300,
      }),
    )
  return { cinema_id: cinema.id, code, sessions }
}
const add = (buyer: Client, { id, seat_ids }: Session, count: number, more: object = {}) =>
  buyer.post(TICKETS, { session_id: id, seat_ids: seat_ids.slice(0, count), ...more })
const read = async (buyer: Client, { id }: { id: number }) => (await buyer.get(`${ORDERS}/${id}`)).body
const of = (order: { tickets: Ticket[] }, { id }: Session) => order.tickets.filter(({ session_id }) => session_id === id)
const runRefunds = async () => {
  for (const { id } of await db.selectFrom('refunds').select('id').where('status', '=', 'pending').orderBy('id').execute())
    await checkout.refund({ refund_id: id })
}
/** What the bank has taken for an order and what has gone back, in minor units. */
const atTheBank = async ({ id }: { id: number }) => {
  const { rows } = await sql<{ kind: string; minor: number }>`
    select j.kind, sum(j.amount_minor)::bigint as minor from mock_provider.journal j join payments p on p.provider_reference = j.intent_id
    where p.order_id = ${id} group by j.kind`.execute(db)
  return Object.fromEntries(rows.map(({ kind, minor }) => [kind, minor]))
}
const sound = async () => {
  await audit.seal()
  expect(wrongIn(await checkInvariants(db))).toEqual([])
}
/** Two seats in each of the first two sessions, in one order with one code, paid at once. */
const bought = async (buyer: Client, { sessions: [first, second], code }: Awaited<ReturnType<typeof house>>, email: string) => {
  const { body: held } = await add(buyer, first as Session, 2)
  const joined = await add(buyer, second as Session, 2, { order_id: held.order.id })
  expect(joined).toMatchObject({ status: 201, body: { order: { id: held.order.id, expires_at: held.order.expires_at } } })
  const lowered = await buyer.put(`${ORDERS}/${held.order.id}/promo-code`, { code, email })
  expect(lowered.status).toBe(200)
  const paid = await buyer.post(`${ORDERS}/${held.order.id}/pay`, { card_token: 'tok_ok', email, amount: lowered.body.total })
  expect(paid.status).toBe(201)
  await db.updateTable('orders').set({ locale: 'en' }).where('id', '=', held.order.id).execute()
  return { lowered: lowered.body, order: paid.body.order as Order }
}

test('one order for two sessions: one deadline, one code, fees for each ticket, one payment, all its codes, papers and mail', async () => {
  const buyer = await guest()
  const place = await house([200, 150])
  const [first, second] = place.sessions as [Session, Session]
  const { lowered, order } = await bought(buyer, place, 'two@marquee.test')
  expect(lowered).toMatchObject({ subtotal: 700, discount: 70, fees: 40, total: 670, promo_code: place.code })
  expect(lowered.items.map(({ session_id, total }: { session_id: number; total: number }) => [session_id, total])).toEqual([
    [first.id, 180],
    [first.id, 180],
    [second.id, 135],
    [second.id, 135],
  ])
  const paid = await read(buyer, order)
  expect(paid).toMatchObject({ status: 'paid', total: 670, payments: [{ status: 'success', amount: 670 }] })
  expect(await atTheBank(order)).toEqual({ charge: 67_000 })
  expect(new Set(paid.tickets.map(({ qr_code }: Ticket) => qr_code)).size).toBe(4)
  for (const session of [first, second]) {
    const { body } = await buyer.get(`${TICKETS}/my?session_id=${session.id}`)
    expect(body.items.map(({ id }: Ticket) => id).toSorted()).toEqual(
      of(paid, session)
        .map(({ id }) => id)
        .toSorted(),
    )
    expect((await manager.get(`/api/v1/sessions/${session.id}`)).body.sold_tickets).toBe(2)
  }
  const calendar = String((await buyer.get(`${ORDERS}/${order.id}/calendar`)).body)
  expect(calendar.match(/BEGIN:VEVENT/g)?.length).toBeGreaterThanOrEqual(2)
  expect(await buyer.get(`${ORDERS}/${order.id}/pdf`)).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/pdf' },
  })

  await receipts.issueDue()
  const { items } = (await buyer.get(`${ORDERS}/${order.id}/receipts`)).body
  expect(items).toMatchObject([{ kind: 'receipt', amount: 670, cinema_id: place.cinema_id }])
  expect(items[0].lines.map(({ kind, amount }: { kind: string; amount: number }) => [kind, amount])).toEqual([
    ['ticket', 180],
    ['ticket', 180],
    ['ticket', 135],
    ['ticket', 135],
    ['fees', 40],
  ])
  await checkout.orderMail({ order_id: order.id, kind: 'order_paid' })
  const [letter, ...more] = openMailbox(directory).find('two@marquee.test', 'order_paid')
  expect(more).toEqual([])
  expect(letter?.text.match(/Booking reference/g)).toHaveLength(4)
  await sound()
})

test('one of its sessions is cancelled, one ticket given back, one exchanged: each cent is where it belongs', async () => {
  const buyer = await guest()
  const place = await house([200, 150, 100])
  const [first, second, third] = place.sessions as [Session, Session, Session]
  const { order } = await bought(buyer, place, 'parts@marquee.test')
  const [one, two] = of(order, first) as [Ticket, Ticket]

  await manager.post(`/api/v1/sessions/${second.id}/cancel`, {})
  await checkout.cancelledSessions.run(second.id)
  await runRefunds()
  expect(await atTheBank(order)).toEqual({ charge: 67_000, refund: 29_000 })
  const left = await read(buyer, order)
  expect(left.status).toBe('partially_refunded')
  expect([of(left, first), of(left, second)].map((its) => its.map(({ status }) => status))).toEqual([
    ['paid', 'paid'],
    ['refunded', 'refunded'],
  ])
  await checkout.orderMail({ order_id: order.id, kind: 'session_cancelled', session_id: second.id })
  const [letter] = openMailbox(directory).find('parts@marquee.test', 'session_cancelled')
  expect(letter?.text.match(/Booking reference/g)).toHaveLength(2)
  await sound()

  const quote = await buyer.post(`${ORDERS}/${order.id}/cancellation-quote`, { ticket_ids: [one.id] })
  expect(quote).toMatchObject({ status: 200, body: { refund: 190 } })
  const returned = await buyer.post(`${ORDERS}/${order.id}/cancel`, { ticket_ids: [one.id], expected_refund: 190 })
  expect(returned).toMatchObject({ status: 200, body: { order: { status: 'partially_refunded' } } })
  await runRefunds()
  expect(await atTheBank(order)).toEqual({ charge: 67_000, refund: 48_000 })
  await sound()

  const wish = { session_id: third.id, tickets: [{ ticket_id: two.id, seat_id: third.seat_ids[0] }] }
  const asked = await buyer.post(`${ORDERS}/${order.id}/exchange-quote`, wish)
  expect(asked.body).toMatchObject({ credit: 110, total: 110, due: 0, refund: 80 })
  const exchanged = await buyer.post(`${ORDERS}/${order.id}/exchanges`, { ...wish, expected_due: 0 })
  expect(exchanged).toMatchObject({ status: 201, body: { done: true, order: { status: 'paid', total: 110 } } })
  await runRefunds()
  expect(await atTheBank(order)).toEqual({ charge: 67_000, refund: 56_000 })
  expect((await read(buyer, order)).status).toBe('canceled')
  await receipts.issueDue()
  const papers = (await buyer.get(`${ORDERS}/${order.id}/receipts`)).body.items as { kind: string; amount: number }[]
  expect(papers.map(({ kind }) => kind)).toEqual(['receipt', ...papers.slice(1).map(() => 'credit_note')])
  expect(papers.slice(1).reduce((sum, { amount }) => sum + amount, 0)).toBe(670)
  await sound()
})

test('a session of the order that moves, or gets another hall, concerns its own tickets alone', async () => {
  const buyer = await guest()
  const place = await house([200, 150])
  const [first, second] = place.sessions as [Session, Session]
  const { order } = await bought(buyer, place, 'moves@marquee.test')
  const codes = (its: { tickets: Ticket[] }, session: Session) => of(its, session).map(({ qr_code }) => qr_code)
  const before = await read(buyer, order)
  const { start_time } = (await manager.get(`/api/v1/sessions/${second.id}`)).body
  const later = new Date(new Date(start_time).getTime() + 3_600_000).toISOString()
  expect((await manager.patch(`/api/v1/sessions/${second.id}`, { start_time: later })).status).toBe(200)
  const moved = await read(buyer, order)
  expect(codes(moved, first)).toEqual(codes(before, first))
  expect(codes(moved, second)).not.toEqual(codes(before, second))

  const hall_id = (await given.hall({ cinema_id: place.cinema_id })).id
  const { body: seen } = await manager.post(`/api/v1/sessions/${second.id}/hall-swap-preview`, { hall_id })
  expect(seen).toMatchObject({ counts: { tickets: 2, orders: 1, placed: 2 }, refund_total: 0 })
  const swap = { hall_id, unplaced: 'refuse', expected_version: seen.expected_version }
  expect((await manager.post(`/api/v1/sessions/${second.id}/hall-swap`, swap)).status).toBe(200)
  const swapped = await read(buyer, order)
  expect(codes(swapped, first)).toEqual(codes(before, first))
  expect(codes(swapped, second)).not.toEqual(codes(moved, second))
  expect(swapped).toMatchObject({ status: 'paid', total: 670 })
  await sound()
})

test('a session that is cancelled while the order waits to be paid leaves it the other one, priced anew', async () => {
  const buyer = await someone()
  const { sessions, code } = await house([200, 150])
  const [first, second] = sessions as [Session, Session]
  const { body: held } = await add(buyer, first, 2)
  await add(buyer, second, 2, { order_id: held.order.id })
  await buyer.put(`${ORDERS}/${held.order.id}/promo-code`, { code })
  await manager.post(`/api/v1/sessions/${second.id}/cancel`, {})
  const left = await read(buyer, held.order)
  expect(left).toMatchObject({ status: 'pending', subtotal: 400, discount: 40, fees: 20, total: 380 })
  const paid = await buyer.post(`${ORDERS}/${held.order.id}/pay`, { card_token: 'tok_ok' })
  expect(paid).toMatchObject({ status: 201, body: { amount: 380, order: { status: 'paid' } } })
  await sound()
})

test('what does not go together is refused, and leaves the order as it was', async () => {
  const [buyer, stranger] = [await someone(), await someone()]
  const { sessions } = await house([200, 150])
  const [first, second] = sessions as [Session, Session]
  const { body: held } = await add(buyer, first, 6)
  const order_id = held.order.id as number
  expect(await add(stranger, second, 1, { order_id })).toMatchObject({ status: 404, body: { code: 'orders.not_found' } })
  const abroad = await given.session({ currency: 'EUR' })
  expect(await add(buyer, abroad, 1, { order_id })).toMatchObject({ status: 422, body: { code: 'orders.mixed_currency' } })
  expect(await add(buyer, second, 5, { order_id })).toMatchObject({ status: 422, body: { code: 'orders.too_many_seats' } })
  await add(stranger, second, 1)
  expect(await add(buyer, second, 2, { order_id })).toMatchObject({ status: 409, body: { code: 'tickets.seats_taken' } })
  expect(await read(buyer, { id: order_id })).toMatchObject({
    total: 1260,
    tickets: Array.from({ length: 6 }, () => ({ status: 'reserved' })),
  })
  await sound()
})
