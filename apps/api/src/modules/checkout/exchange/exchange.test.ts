import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { createMockLedger } from '#modules/payments/providers/mock/ledger.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { wrongIn } from '#testing/broken.ts'
import { actorOf } from '#testing/factories.ts'

const { as, audit, someone, given, db, pool, clock, checkout } = await startTestApp()
const [customer, cashier] = [await as('customer'), await as('cashier')]
const ledger = createMockLedger({ pool })

/** Three sessions of one cinema: at the price of the first, dearer and cheaper. */
const house = async () => {
  const cinema = await given.cinema()
  const at = async (base_price_minor: number, wish: object = {}) => {
    const hall = await given.hall({ cinema_id: cinema.id })
    return given.session({ hall_id: hall.id, base_price_minor, ...wish })
  }
  return { here: await at(20_000), dearer: await at(30_000), cheaper: await at(15_000), at }
}
type Session = Awaited<ReturnType<typeof given.session>>
type Order = { order: number; tickets: number[] }

const paid = async (session: Session, count = 1, person: Client = customer): Promise<Order> => {
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, count) })
  await person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  return { order: body.order.id, tickets: body.tickets.map(({ id }: { id: number }) => id) }
}
/** The tickets for the last seats of a session. */
const wish = (session: Session, tickets: number[], more: object = {}) => ({
  session_id: session.id,
  tickets: tickets.map((ticket_id, at) => ({ ticket_id, seat_id: session.seat_ids.at(-1 - at) })),
  ...more,
})
const exchange = (order: number, body: object, person: Client = customer, headers = {}) =>
  person.post(`/api/v1/orders/${order}/exchanges`, body, headers)
const quote = (order: number, body: object, person: Client = customer) =>
  person.post(`/api/v1/orders/${order}/exchange-quote`, body)
const read = async (order: number) => (await customer.get(`/api/v1/orders/${order}`)).body
const statusOf = async (ticket: number) =>
  (await db.selectFrom('tickets').select('status').where('id', '=', ticket).executeTakeFirstOrThrow()).status
const runRefunds = async () => {
  for (const { id } of await db.selectFrom('refunds').select('id').where('status', '=', 'pending').orderBy('id').execute())
    await checkout.refund({ refund_id: id })
}
const sound = async () => {
  await audit.seal()
  expect(wrongIn(await checkInvariants(db))).toEqual([])
}
/** The bank has the money and we have not heard of it. */
const charge = async (order: number, person: Client = customer) => {
  const { body } = await person.post(`/api/v1/orders/${order}/pay`, {})
  const intent = await ledger.find(body.id)
  await ledger.confirm(intent?.reference ?? '', 'tok_ok')
  return () =>
    pool
      .query("update payments set last_asked_at = now() - interval '1 hour' where id = $1", [body.id])
      .then(() => checkout.sweep.complete())
}

test('R-116: tickets of the same price change hands at once: new codes, a free seat, no money moved', async () => {
  const { here } = await house()
  const { order, tickets } = await paid(here, 2)
  const [old] = (await read(order)).tickets
  const made = await exchange(order, wish(here, tickets.slice(0, 1), { expected_due: 0 }))
  expect(made).toMatchObject({
    status: 201,
    body: {
      old_order_id: order,
      done: true,
      credit: 200,
      order: { status: 'paid', total: 200, payments: [{ provider: 'exchange', method: 'card', status: 'success', amount: 200 }] },
    },
  })
  const [ticket] = made.body.order.tickets
  expect(made.body.tickets).toEqual([{ old_ticket_id: tickets[0], new_ticket_id: ticket.id }])
  expect(ticket).toMatchObject({ status: 'paid', seat_id: here.seat_ids.at(-1) })
  expect(ticket.qr_code).not.toBe(old.qr_code)
  expect(await cashier.post('/api/v1/tickets/check-in', { qr_code: old.qr_code, device: 'Door 1' })).toMatchObject({
    body: { result: 'cancelled' },
  })
  expect((await read(order)).status).toBe('partially_refunded')
  const { rows } = await sql<{ n: number }>`select count(*) as n from mock_provider.journal where kind = 'refund'`.execute(db)
  expect(rows[0]?.n).toBe(0)
  await checkout.orderMail({ order_id: order, kind: 'tickets_exchanged', exchange_id: made.body.id })
  expect(await db.selectFrom('mail_log').select('kind').where('order_id', '=', order).execute()).toContainEqual({
    kind: `tickets_exchanged.${made.body.id}`,
  })
  await sound()
})

test('cheaper tickets give the difference back to the card, and the rest pays for them', async () => {
  const { here, cheaper } = await house()
  const { order, tickets } = await paid(here, 2)
  expect(await quote(order, wish(cheaper, tickets))).toMatchObject({
    status: 200,
    body: {
      total: 300,
      credit: 300,
      due: 0,
      refund: 100,
      beyond_policy: false,
      tickets: [
        { paid: 200, price: 150 },
        { paid: 200, price: 150 },
      ],
    },
  })
  const made = await exchange(order, wish(cheaper, tickets))
  expect(made).toMatchObject({ status: 201, body: { done: true, order: { status: 'paid', total: 300 } } })
  expect(await read(order)).toMatchObject({ status: 'canceled', payments: [{ refunded: 400 }] })
  await runRefunds()
  const [row] = (
    await sql<{
      minor: number
    }>`select sum(amount_minor)::bigint as minor from mock_provider.journal where kind = 'refund'`.execute(db)
  ).rows
  expect(row?.minor).toBe(10_000)
  await sound()
})

test('dearer tickets are held until the difference is paid; then both orders change, and later all of it goes back to both cards', async () => {
  const { here, dearer } = await house()
  const { order, tickets } = await paid(here, 2)
  expect(await exchange(order, wish(dearer, tickets, { expected_due: 100 }))).toMatchObject({
    status: 409,
    body: { code: 'orders.price_changed', amount_due: 200 },
  })
  const made = await exchange(order, wish(dearer, tickets, { expected_due: 200 }))
  expect(made).toMatchObject({
    status: 201,
    body: { done: false, credit: 400, order: { status: 'pending', total: 600, amount_due: 200 } },
  })
  const next = made.body.order.id as number
  expect(await statusOf(tickets[0] ?? 0)).toBe('paid')
  expect(await exchange(order, wish(dearer, tickets))).toMatchObject({
    status: 409,
    body: { code: 'orders.exchange_under_way', order_id: next },
  })
  expect(await customer.delete(`/api/v1/tickets/${made.body.tickets[0].new_ticket_id}`)).toMatchObject({
    status: 409,
    body: { code: 'orders.exchange_whole' },
  })
  expect(await customer.post(`/api/v1/orders/${next}/pay`, { card_token: 'tok_ok', amount: 600 })).toMatchObject({
    status: 409,
    body: { amount_due: 200 },
  })
  expect(await customer.post(`/api/v1/orders/${next}/pay`, { card_token: 'tok_ok' })).toMatchObject({
    status: 201,
    body: { amount: 200, order: { status: 'paid', amount_due: 0 } },
  })
  expect([await statusOf(tickets[0] ?? 0), await statusOf(tickets[1] ?? 0)]).toEqual(['cancelled', 'cancelled'])
  await sound()

  expect(await customer.post(`/api/v1/orders/${next}/cancel`)).toMatchObject({
    status: 200,
    body: { order: { status: 'canceled' } },
  })
  await runRefunds()
  const { rows } = await sql<{ minor: number }>`
    select sum(j.amount_minor)::bigint as minor from mock_provider.journal j join payments p on p.provider_reference = j.intent_id
    where j.kind = 'refund' and p.order_id in (${order}, ${next}) group by p.order_id order by p.order_id`.execute(db)
  expect(rows).toEqual([{ minor: 40_000 }, { minor: 20_000 }])
  await sound()
})

test('what was exchanged is exchanged again, and its money still finds its way home', async () => {
  const { here, cheaper, dearer } = await house()
  const first = await paid(here)
  const second = await exchange(first.order, wish(cheaper, first.tickets))
  const third = await exchange(second.body.order.id, wish(dearer, [second.body.tickets[0].new_ticket_id]))
  const last = third.body.order.id as number
  expect(third.body).toMatchObject({ done: false, credit: 150, order: { amount_due: 150 } })
  await customer.post(`/api/v1/orders/${last}/pay`, { card_token: 'tok_ok' })
  await customer.post(`/api/v1/orders/${last}/cancel`)
  await runRefunds()
  const { rows } = await sql<{ status: string }>`select status from refunds where status <> 'success'`.execute(db)
  expect(rows).toEqual([])
  await sound()
})

test('who uses or gives back the old ticket before the difference has come gets that money back, and the new seats are free', async () => {
  for (const spoil of ['use', 'cancel'] as const) {
    const { here, dearer } = await house()
    const { order, tickets } = await paid(here)
    const { body } = await exchange(order, wish(dearer, tickets))
    const settle = await charge(body.order.id)
    if (spoil === 'use') await cashier.put(`/api/v1/tickets/${tickets[0]}`, { status: 'used' })
    else await customer.post(`/api/v1/orders/${order}/cancel`)
    await settle()
    expect(await read(body.order.id)).toMatchObject({ status: 'expired', payments: [{ amount: 100, refunded: 100 }] })
    expect(await db.selectFrom('seat_claims').select('seat_id').where('session_id', '=', dearer.id).execute()).toEqual([])
    expect(await statusOf(tickets[0] ?? 0)).toBe(spoil === 'use' ? 'used' : 'cancelled')
  }
  await runRefunds()
  await sound()
})

test('an exchange that nobody pays for runs out: the old tickets are as good as ever and may be exchanged anew', async () => {
  const { here, dearer, cheaper } = await house()
  const { order, tickets } = await paid(here)
  const { body } = await exchange(order, wish(dearer, tickets))
  clock.advance(700)
  await checkout.sweep.expire()
  expect(await read(body.order.id)).toMatchObject({ status: 'expired' })
  expect(await statusOf(tickets[0] ?? 0)).toBe('paid')
  expect(await exchange(order, wish(cheaper, tickets))).toMatchObject({ status: 201, body: { done: true } })
  clock.reset()
  await sound()
})

test('tickets go only to seats that are free, of the same cinema, in time, and by whom they belong to; staff go further with a reason', async () => {
  const { here, dearer, at } = await house()
  const other = await house()
  const { order, tickets } = await paid(here)
  await paid(dearer, 1, await someone())
  const to = (session: Session, seat_id: number | undefined) => ({
    session_id: session.id,
    tickets: [{ ticket_id: tickets[0], seat_id }],
  })
  expect(await exchange(order, to(dearer, dearer.seat_ids[0]))).toMatchObject({
    status: 409,
    body: { code: 'tickets.seats_taken' },
  })
  expect(await quote(order, wish(other.here, tickets))).toMatchObject({ status: 422, body: { code: 'orders.other_cinema' } })
  expect(await quote(order, to(dearer, here.seat_ids[0]))).toMatchObject({ status: 422, body: { code: 'tickets.unknown_seat' } })
  expect(await quote(order, wish(here, [tickets[0] ?? 0, tickets[0] ?? 0]))).toMatchObject({ status: 422 })
  expect(await quote(order, wish(dearer, tickets), await someone())).toMatchObject({
    status: 404,
    body: { code: 'orders.not_found' },
  })
  expect(await exchange(order, wish(dearer, tickets), await someone())).toMatchObject({ status: 404 })
  const soon = await at(20_000, { starts_in_minutes: 31 })
  const late = await paid(soon)
  clock.advance(120)
  expect(await exchange(late.order, wish(here, late.tickets))).toMatchObject({
    status: 409,
    body: { code: 'tickets.too_late_to_cancel' },
  })
  expect(await exchange(late.order, wish(here, late.tickets), cashier)).toMatchObject({
    status: 422,
    body: { code: 'orders.reason_needed' },
  })
  expect(await exchange(late.order, wish(here, late.tickets, { reason: 'the tram was late' }), cashier)).toMatchObject({
    status: 201,
    body: { done: true },
  })
  expect(await db.selectFrom('audit_log').select('actor').where('action', '=', 'orders.exchanged_by_staff').execute()).toEqual([
    { actor: `u:${cashier.id}` },
  ])
  clock.reset()
  expect(await exchange(late.order, wish(here, late.tickets))).toMatchObject({ status: 409, body: { code: 'tickets.not_paid' } })
})

test('money that came in cash for the old ticket is handed out by staff, who are told so', async () => {
  const { here, cheaper } = await house()
  const visitor = await someone()
  const { body } = await cashier.post('/api/v1/tickets', { session_id: here.id, seat_ids: here.seat_ids.slice(0, 1) })
  const sold = body.order.id as number
  await cashier.post(`/api/v1/orders/${sold}/pay`, { payment_method: 'cash' })
  const made = await exchange(sold, wish(cheaper, [body.id]), cashier)
  expect(made).toMatchObject({
    status: 201,
    body: { done: true, order: { payments: [{ provider: 'exchange', method: 'cash' }] } },
  })
  expect(await exchange(sold, wish(cheaper, [body.id]), visitor)).toMatchObject({ status: 404 })
  const { id: payment_id } = made.body.order.payments[0]
  await checkout.cancelOrder(actorOf(cashier.id, 'cashier'), made.body.order.id, undefined, undefined)
  const alarms = await db.selectFrom('payment_alarms').select('kind').where('payment_id', '=', payment_id).execute()
  expect(alarms).toEqual([{ kind: 'hand_out_money' }])
  await runRefunds()
})

test('a repeated key exchanges once', async () => {
  const { here } = await house()
  const { order, tickets } = await paid(here)
  const ask = () => exchange(order, wish(here, tickets), customer, { 'idempotency-key': 'swap-1' })
  const [first, again] = [await ask(), await ask()]
  expect([first.status, again.status]).toEqual([201, 201])
  expect(again.body.order.id).toBe(first.body.order.id)
})

test('an exchange against the door, against a cancellation and against another exchange: one of them wins', async () => {
  const { here, cheaper, at } = await house()
  const more = await at(20_000)
  const rivals: Record<string, (made: Order) => Promise<{ status: number }>> = {
    door: ({ tickets }) => cashier.put(`/api/v1/tickets/${tickets[0]}`, { status: 'used' }),
    cancel: ({ order }) => customer.post(`/api/v1/orders/${order}/cancel`),
    exchange: ({ order, tickets }) => exchange(order, wish(more, tickets)),
  }
  const won = { exchange: 0, rival: 0 }
  for (const rival of Object.values(rivals))
    for (let round = 0; round < 8; round += 1) {
      const made = await paid(here)
      const [mine, other] = await Promise.all([exchange(made.order, wish(cheaper, made.tickets)), rival(made)])
      const gone = await db.selectFrom('cancellations').select('id').where('order_id', '=', made.order).execute()
      const used = (await statusOf(made.tickets[0] ?? 0)) === 'used'
      expect([mine.status, other.status].filter((status) => status < 300).length).toBeGreaterThan(0)
      expect(gone).toHaveLength(used ? 0 : 1)
      won[mine.status < 300 ? 'exchange' : 'rival'] += 1
      const live = await db
        .selectFrom('tickets')
        .select(['id', 'session_id', 'seat_id', 'order_id'])
        .where('status', 'in', ['paid', 'used'])
        .where('session_id', 'in', [here.id, cheaper.id, more.id])
        .execute()
      for (const session of [cheaper, more, here])
        for (const one of live.filter(({ session_id }) => session_id === session.id)) {
          await cashier.post(`/api/v1/tickets/${one.id}/check-in/undo`, { reason: 'the next round' })
          await cashier.post(`/api/v1/orders/${one.order_id}/cancel`, { reason: 'the next round' })
        }
    }
  expect(won.exchange + won.rival).toBe(24)
  expect(Math.min(won.exchange, won.rival)).toBeGreaterThan(0)
  await runRefunds()
  await sound()
})
