import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { drawHall, openHall } from '#testing/halls.ts'
import { openMailbox } from '#testing/mailbox.ts'

const house = await startTestApp({ config: { SEAT_RULES: false } })
const { as, someone, given, db, checkout, directory, receipts } = house
const manager = await as('manager')

const path = (id: number, rest = '') => `/api/v1/sessions/${id}${rest}`
/** A session in one drawn hall, with a smaller one of the same cinema ready, and what the cinema adds to each ticket. */
const twoHalls = async (from: string[], to: string[], charges: object = {}) => {
  const old = await openHall(house, from)
  const next = await drawHall(house, to, old.cinema_id, 2)
  await db
    .insertInto('cinema_price_rules')
    .values({
      cinema_id: old.cinema_id,
      web_ticket_fee_minor: 1_033,
      tax_mode: 'added',
      tax_name: 'ПДВ',
      tax_percent: 7.5,
      ...charges,
    })
    .execute()
  return { id: old.session_id, old, next }
}
const buy = async (session_id: number, seat_ids: number[], email: string, person: Client) => {
  const { body } = await person.post('/api/v1/tickets', { session_id, seat_ids })
  const reply = await person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok', email })
  expect(reply.status).toBe(201)
  await db.updateTable('orders').set({ locale: 'en' }).where('id', '=', body.order.id).execute()
  return reply.body.order as { id: number; total: number }
}
const preview = (id: number, body: object) => manager.post(path(id, '/hall-swap-preview'), body)
const swap = (id: number, hall_id: number, expected_version: number, more: object = {}) =>
  manager.post(path(id, '/hall-swap'), { hall_id, unplaced: 'refund', expected_version, ...more })
const refundsOf = async (orderId: number) => {
  const { rows } = await sql<{ minor: number }>`
    select coalesce(sum(r.amount_minor), 0)::bigint as minor from refunds r join payments p on p.id = r.payment_id where p.order_id = ${orderId}`.execute(
    db,
  )
  return (rows[0]?.minor ?? 0) / 100
}
const tell = async (swapId: number) => {
  const { rows } = await sql<{ data: never }>`
    select data from pgboss.job where name = 'mail.order' and (data ->> 'swap_id')::bigint = ${swapId}`.execute(db)
  for (const { data } of rows) await checkout.orderMail(data)
}
const holds = async () => expect((await checkInvariants(db)).violated).toEqual([])
const money = (amount: number) =>
  amount.toLocaleString('en', { style: 'currency', currency: 'UAH', currencyDisplay: 'narrowSymbol' })
const cents = (amounts: number[]) => amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0)

test.each([
  ['fees and an added tax', {}],
  ['a fee that the tax leaves alone', { tax_mode: 'none', tax_percent: 0 }],
  ['tax that is in the prices', { tax_mode: 'included' }],
])('what a swap says goes back is what goes back, to the cent: %s', async (_, charges) => {
  const { id, old, next } = await twoHalls(['vv....'], ['v..'], charges)
  const [anna, boris] = [await someone(), await someone()]
  const first = await buy(id, old.seats(1, 2, 3), `anna.${id}@marquee.test`, anna)
  const second = await buy(id, old.seats(4, 5, 6), `boris.${id}@marquee.test`, boris)
  const { body: seen } = await preview(id, { hall_id: next.id })
  expect(seen.counts).toMatchObject({ tickets: 6, placed: 3, unplaced: 3 })

  const { status, body: done } = await swap(id, next.id, seen.expected_version)
  expect(status).toBe(200)
  const refunded = [await refundsOf(first.id), await refundsOf(second.id)]
  expect(cents(refunded)).toBeGreaterThan(60_000)
  expect([seen.refund_total, done.refund_total]).toEqual([cents(refunded) / 100, cents(refunded) / 100])
  expect(done.seats).toEqual(seen.seats)
  expect(cents(done.seats.map(({ refund }: { refund: number }) => refund))).toBe(cents(refunded))
  await tell(done.id)
  for (const [name, minor] of [
    ['anna', refunded[0]],
    ['boris', refunded[1]],
  ] as const) {
    const [letter] = openMailbox(directory).find(`${name}.${id}@marquee.test`, 'hall_swapped')
    const said = /(\S+) goes back to where it came from: for/.exec(letter?.text ?? '')?.[1]
    expect([letter?.to, said]).toEqual([`${name}.${id}@marquee.test`, minor ? money(minor) : undefined])
  }
  await holds()
})

test('who sits for nothing and has paid a fee gets the fee back', async () => {
  const { id, old, next } = await twoHalls(['..'], ['.'], { tax_mode: 'none', tax_percent: 0, web_ticket_fee_minor: 1_001 })
  await db.updateTable('sessions').set({ base_price_minor: 0 }).where('id', '=', id).execute()
  const order = await buy(id, old.seats(1, 2), `free.${id}@marquee.test`, await someone())
  expect(order.total).toBe(20.02)
  const { body: seen } = await preview(id, { hall_id: next.id })
  const { body: done } = await swap(id, next.id, seen.expected_version)
  expect([seen.refund_total, done.refund_total, await refundsOf(order.id)]).toEqual([10.01, 10.01, 10.01])
  await holds()
})

test('the note about a lesser seat has the tax of the cinema that swapped its halls, though the order began at another', async () => {
  const { id, old, next } = await twoHalls(['v'], ['..'])
  const [elsewhere, person] = [await given.session(), await someone()]
  const begun = await person.post('/api/v1/tickets', { session_id: elsewhere.id, seat_ids: elsewhere.seat_ids.slice(0, 1) })
  const order_id = begun.body.order.id
  await person.post('/api/v1/tickets', { session_id: id, seat_ids: old.seats(1), order_id })
  expect((await person.post(`/api/v1/orders/${order_id}/pay`, { card_token: 'tok_ok' })).status).toBe(201)
  const { body: seen } = await preview(id, { hall_id: next.id })
  expect((await swap(id, next.id, seen.expected_version)).status).toBe(200)
  for (const { id: refund_id } of await db.selectFrom('refunds').select('id').where('status', '=', 'pending').execute())
    await checkout.refund({ refund_id })
  await receipts.issueDue()
  const { body } = await person.get(`/api/v1/orders/${order_id}/receipts`)
  expect(body.items).toMatchObject([
    { kind: 'receipt', taxes: [{ amount: 30.77 }] },
    { kind: 'credit_note', amount: 215, taxes: [{ name: 'ПДВ', percent: 7.5, amount: 15 }] },
  ])
  await holds()
})

test('a preview names the session that takes the other hall; the swap is refused, and done once that has gone', async () => {
  const { id, old, next } = await twoHalls(['...'], ['...'])
  await buy(id, old.seats(1), `clash.${id}@marquee.test`, await someone())
  expect((await preview(id, { hall_id: next.id })).body).toMatchObject({ clash: null, notice: null })
  const clash = await given.session({ hall_id: next.id })
  const { status, body: seen } = await preview(id, { hall_id: next.id })
  expect([status, seen.clash]).toEqual([
    200,
    { id: clash.id, movie_title: expect.any(String), start_time: expect.any(String), end_time: expect.any(String) },
  ])
  expect(await swap(id, next.id, seen.expected_version)).toMatchObject({
    status: 409,
    body: { code: 'sessions.overlap', session: { id: clash.id } },
  })
  await manager.post(path(clash.id, '/cancel'))
  expect((await preview(id, { hall_id: next.id })).body.clash).toBeNull()
  expect(await swap(id, next.id, seen.expected_version)).toMatchObject({ status: 200 })
})

test('R-119: what staff say of a swap stands in the mails as it was written, and in the history', async () => {
  const { id, old, next } = await twoHalls(['...'], ['...'])
  const notice = '  The projector is broken.\n$t(mail.order_link) {{title}} <b>Sorry</b>  '
  expect((await preview(id, { hall_id: next.id, notice })).body.notice).toBeNull()
  await buy(id, old.seats(1), `notice.${id}@marquee.test`, await someone())
  const { body: seen } = await preview(id, { hall_id: next.id, notice })
  expect(seen.notice).toBe(notice.trim())
  for (const bad of ['', ' \n ', 'x'.repeat(501), 7]) {
    expect(await preview(id, { hall_id: next.id, notice: bad })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/notice' }] },
    })
    expect(await swap(id, next.id, seen.expected_version, { notice: bad })).toMatchObject({ status: 422 })
  }
  const { body: done } = await swap(id, next.id, seen.expected_version, { notice })
  expect(done.notice).toBe(notice.trim())
  await tell(done.id)
  const [letter] = openMailbox(directory).find(`notice.${id}@marquee.test`, 'hall_swapped')
  expect(letter?.text).toContain(`A word from the cinema: ${notice.trim()}`)
  expect((await manager.get(path(id, '/changes'))).body.items).toMatchObject([{ kind: 'hall_swapped', notice: notice.trim() }])
})
