import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, anonymous, given, db, clock, checkout, directory } = await startTestApp()
const [customer, manager, admin] = [await as('customer'), await as('manager'), await as('admin')]

const untilTheBankDecides = () => sleep(1_100)
const HOUR = 3600_000
const path = (id: number, rest = '') => `/api/v1/sessions/${id}${rest}`
const buy = async (session: { id: number; seat_ids: number[] }, seats: number[], person: Client = customer) => {
  const seat_ids = seats.map((index) => session.seat_ids[index])
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids })
  const paid = await person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  expect(paid.status).toBe(201)
  return paid.body.order
}
const startOf = async (id: number) => new Date((await anonymous.get(path(id))).body.start_time)
const later = async (id: number, hours: number) => new Date((await startOf(id)).getTime() + hours * HOUR).toISOString()
const queued = async (kind: string) => {
  const { rows } = await sql<{ data: never }>`
    select data from pgboss.job where name = 'mail.order' and data ->> 'kind' = ${kind} order by (data ->> 'order_id')::bigint`.execute(
    db,
  )
  return rows.map(({ data }) => data) as { order_id: number; kind: 'session_moved'; move_id: number }[]
}
const versionOf = async (id: number) =>
  (await db.selectFrom('sessions').select('version').where('id', '=', id).executeTakeFirstOrThrow()).version
const windowIn = (qr_code: string) => qr_code.split('.')[2]?.split(',').slice(3).map(Number)
const spanOf = ({ start_time, end_time }: { start_time: string; end_time: string }) =>
  [new Date(start_time).getTime() - HOUR, new Date(end_time).getTime()].map((time) => Math.floor(time / 1000))
const holds = async () => expect((await checkInvariants(db)).violated).toEqual([])

test('R-049: a manager changes prices, language and sales of a session; what is left out stays, and bookings see it', async () => {
  const session = await given.session({ seats: 3 })
  const held = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[0]] })
  const before = (await anonymous.get(path(session.id))).body
  for (const change of [manager.put, admin.patch]) {
    const changed = await change(path(session.id), { base_price: 250.5, subtitles: 'en', format_3d: true })
    expect(changed).toMatchObject({ status: 200, body: { base_price: 250.5, subtitles: 'en', format_3d: true } })
    expect(changed.body).toMatchObject({ vip_price: before.vip_price, start_time: before.start_time, status: 'scheduled' })
  }
  expect(await versionOf(session.id)).toBe(3)
  expect(await customer.get(`/api/v1/orders/${held.body.order.id}`)).toMatchObject({ body: { total: 200 } })
  expect(await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[1]] })).toMatchObject({
    status: 201,
    body: { price: 250.5 },
  })
  await manager.patch(path(session.id), { is_active: false })
  expect(await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[2]] })).toMatchObject({
    status: 409,
    body: { code: 'sessions.not_on_sale' },
  })
})

test('R-049: customers, cashiers and strangers change nothing, and bad input names its field', async () => {
  const session = await given.session()
  for (const [person, status] of [
    [anonymous, 401],
    [customer, 403],
    [await as('cashier'), 403],
  ] as const)
    expect(await person.patch(path(session.id), { base_price: 1 })).toMatchObject({ status })
  expect(await manager.patch(path(999_999), { base_price: 1 })).toMatchObject({ status: 404 })
  const refused = async (body: object, pointer: string) =>
    expect(await manager.patch(path(session.id), body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
  await refused({ base_price: 1.005 }, '/base_price')
  await refused({ movie_id: 1 }, '/movie_id')
  await refused({ start_time: '2001-01-01T10:00:00Z' }, '/start_time')
  await refused({ end_time: await later(session.id, 1) }, '/end_time')
  await refused({ end_time: await later(session.id, 30) }, '/end_time')
  await refused({ hall_id: (await given.hall()).id }, '/hall_id')
  await refused({ sales_open_at: await later(session.id, 1) }, '/sales_open_at')
  expect(await versionOf(session.id)).toBe(1)
})

test('R-117: a session moves within the opening hours only, and never onto another in its hall', async () => {
  const hall = await given.hall()
  const first = await given.session({ hall_id: hall.id, starts_in_minutes: 1440 })
  const second = await given.session({ hall_id: hall.id, starts_in_minutes: 1440 + 300 })
  expect(await manager.patch(path(first.id), { start_time: await later(first.id, 4) })).toMatchObject({
    status: 409,
    body: { code: 'sessions.overlap', session: { id: second.id } },
  })
  expect(await manager.patch(path(first.id), { start_time: await later(first.id, 0.5) })).toMatchObject({
    status: 200,
    body: { status: 'scheduled' },
  })
  await db.updateTable('cinemas').set({ opening_time: '10:00', closing_time: '12:00' }).where('id', '=', hall.cinema_id).execute()
  expect(await manager.patch(path(second.id), { start_time: await later(second.id, 1) })).toMatchObject({
    status: 422,
    body: { code: 'sessions.outside_opening_hours' },
  })
  expect(await manager.patch(path(second.id), { base_price: 300 })).toMatchObject({ status: 200 })
})

test('R-119: moving a session tells each paid order once, with old and new time, and gives its tickets new codes', async () => {
  const session = await given.session({ seats: 6 })
  const [one, two] = [await buy(session, [0, 1]), await buy(session, [2], await someone())]
  const held = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[4]] })
  const start_time = await later(session.id, 3)
  const moved = await manager.put(path(session.id), { start_time })
  expect(moved).toMatchObject({ status: 200, body: { status: 'rescheduled', start_time, sold_tickets: 3, reserved_tickets: 1 } })
  const span = spanOf(moved.body)

  const jobs = await queued('session_moved')
  expect(jobs.map(({ order_id }) => order_id)).toEqual([one.id, two.id])
  const { rows } = await sql`
    select distinct retry_limit, dead_letter from pgboss.job where name = 'mail.order'`.execute(db)
  expect(rows).toEqual([{ retry_limit: 20, dead_letter: 'dead_letters' }])
  const { body: order } = await customer.get(`/api/v1/orders/${one.id}`)
  for (const [index, { qr_code }] of order.tickets.entries()) {
    expect(qr_code).not.toBe(one.tickets[index].qr_code)
    expect(windowIn(qr_code)).toEqual(span)
  }
  const paid = await customer.post(`/api/v1/orders/${held.body.order.id}/pay`, { card_token: 'tok_ok' })
  expect(windowIn(paid.body.order.tickets[0].qr_code)).toEqual(span)

  for (const job of [...jobs, ...jobs]) await checkout.orderMail(job)
  expect(await db.selectFrom('mail_log').select('order_id').where('kind', 'like', 'session_moved.%').execute()).toHaveLength(2)
  const mails = readdirSync(join(directory, 'mail')).map((name) => readFileSync(join(directory, 'mail', name), 'utf8'))
  expect(mails.filter((mail) => mail.includes('image/gif'))).toHaveLength(2)
  await holds()
})

test('R-116: holders of a moved session may cancel until it starts, others until half an hour before', async () => {
  const [moved, kept] = [await given.session({ starts_in_minutes: 120 }), await given.session({ starts_in_minutes: 180 })]
  const [mine, other] = [await buy(moved, [0, 1]), await buy(kept, [0])]
  await manager.patch(path(moved.id), { start_time: await later(moved.id, 1) })
  const { start_time } = (await manager.get(path(moved.id))).body
  expect((await customer.get(`/api/v1/tickets/${mine.tickets[0].id}`)).body.returnable_until).toBe(start_time)
  clock.advance((180 - 5) * 60)
  const cancel = (ticket: { id: number }) => customer.post(`/api/v1/tickets/${ticket.id}/cancel`)
  expect(await cancel(other.tickets[0])).toMatchObject({ status: 409, body: { code: 'tickets.too_late_to_cancel' } })
  expect(await cancel(mine.tickets[0])).toMatchObject({ status: 200, body: { refund: { amount: 200 } } })
  clock.advance(6 * 60)
  expect(await cancel(mine.tickets[1])).toMatchObject({ status: 409, body: { code: 'tickets.too_late_to_cancel' } })
  expect(await manager.patch(path(moved.id), { start_time: await later(moved.id, 1) })).toMatchObject({
    status: 409,
    body: { code: 'sessions.started' },
  })
  clock.reset()
  await holds()
})

test('R-116: whoever gives tickets of a moved session back is charged nothing, whatever the terms keep', async () => {
  const session = await given.session()
  const { cinema_id } = (await anonymous.get(path(session.id))).body
  const terms = { cutoff_minutes: 60, returns_fees: false, charge_per_ticket: 0, charge_percent: 50 }
  expect(await manager.put(`/api/v1/cinemas/${cinema_id}/cancellation-policy`, terms)).toMatchObject({ status: 200 })
  const order = await buy(session, [0, 1])
  const quote = () => customer.post(`/api/v1/orders/${order.id}/cancellation-quote`, {})
  expect(await quote()).toMatchObject({ status: 200, body: { charge: 200, refund: 200 } })
  await manager.patch(path(session.id), { start_time: await later(session.id, 2) })
  expect(await quote()).toMatchObject({ body: { charge: 0, refund: 400, policies: [{ charge_percent: 0, returns_fees: true }] } })
  expect(await customer.post(`/api/v1/orders/${order.id}/cancel`)).toMatchObject({
    status: 200,
    body: { refunds: [{ amount: 400 }] },
  })
  await holds()
})

test('a session changes its hall while nobody sits there; late money does not find a seat of the old one', async () => {
  const old = await given.hall()
  const next = await given.hall({ cinema_id: old.cinema_id })
  const session = await given.session({ hall_id: old.id })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [old.seat_ids[0]] })
  expect(await manager.patch(path(session.id), { hall_id: next.id })).toMatchObject({
    status: 409,
    body: { code: 'sessions.seats_claimed', claimed_seats: 1 },
  })
  await customer.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_async' })
  await untilTheBankDecides()
  clock.advance(3600)
  expect(await manager.patch(path(session.id), { hall_id: next.id })).toMatchObject({ status: 200, body: { hall_id: next.id } })
  await checkout.sweep.complete()
  expect(await db.selectFrom('seat_claims').select('seat_id').where('session_id', '=', session.id).execute()).toEqual([])
  expect(await customer.get(`/api/v1/orders/${body.order.id}`)).toMatchObject({
    body: { status: 'expired', payments: [{ status: 'success', refunded: 200 }] },
  })
  const taken = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [next.seat_ids[0]] })
  expect(taken.status).toBe(201)
  clock.reset()
})

test('a session that is over, or cancelled, cannot be changed any more', async () => {
  const [over, gone] = [await given.session({ starts_in_minutes: 10 }), await given.session()]
  await manager.post(path(gone.id, '/cancel'))
  expect(await manager.patch(path(gone.id), { base_price: 1 })).toMatchObject({
    status: 409,
    body: { code: 'sessions.cancelled' },
  })
  clock.advance(3 * 3600)
  expect(await manager.patch(path(over.id), { base_price: 1 })).toMatchObject({
    status: 409,
    body: { code: 'sessions.finished' },
  })
  clock.reset()
})

test('R-049: while a session moves to and fro, every booking is for the time at which it was made', async () => {
  const rounds = 15
  const session = await given.session({ seats: rounds * 2 })
  const people = await Promise.all(Array.from({ length: rounds * 2 }, () => someone()))
  let [moves, bookings] = [0, 0]
  for (let round = 0; round < rounds; round += 1) {
    const start_time = await later(session.id, round % 2 ? -1 : 1)
    const [moved, ...bought] = await Promise.all([
      manager.patch(path(session.id), { start_time }),
      ...[0, 1].map((side) =>
        (people[round * 2 + side] as Client).post('/api/v1/tickets/purchase', {
          event_id: session.id,
          seat_id: session.seat_ids[round * 2 + side],
          card_token: 'tok_ok',
        }),
      ),
    ])
    moves += Number(moved?.status === 200)
    bookings += bought.filter(({ status }) => status === 201).length
  }
  expect({ moves, bookings }).toEqual({ moves: rounds, bookings: rounds * 2 })
  const span = spanOf((await anonymous.get(path(session.id))).body)
  const sold = await db.selectFrom('tickets').select('qr_code').where('session_id', '=', session.id).execute()
  for (const { qr_code } of sold) expect(windowIn(qr_code ?? '')).toEqual(span)
  await holds()
})

test('R-117: two sessions that move to the same time at once do not both get it', async () => {
  const rounds = 15
  const won = { first: 0, second: 0 }
  for (let round = 0; round < rounds; round += 1) {
    const hall = await given.hall({ seats_per_row: 1 })
    const first = await given.session({ hall_id: hall.id, starts_in_minutes: 1440 })
    const second = await given.session({ hall_id: hall.id, starts_in_minutes: 2880 })
    const start_time = await later(second.id, 24)
    const replies = await Promise.all([first, second].map(({ id }) => manager.patch(path(id), { start_time })))
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const [loser, winner] = replies[0]?.status === 409 ? [replies[0], second] : [replies[1], first]
    expect(loser?.body).toMatchObject({ code: 'sessions.overlap', session: { id: winner.id } })
    won[winner === first ? 'first' : 'second'] += 1
  }
  expect(won.first + won.second).toBe(rounds)
  await holds()
})

test('R-049: of two managers who change a session at once none undoes what the other wrote', async () => {
  const rounds = 15
  const session = await given.session()
  for (let round = 1; round <= rounds; round += 1) {
    const replies = await Promise.all([
      manager.patch(path(session.id), { base_price: round }),
      admin.patch(path(session.id), { vip_price: 1000 + round }),
      manager.patch(path(session.id), { sales_close_at: round % 2 ? null : '2099-01-01T00:00:00Z' }),
    ])
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
    const { body } = await anonymous.get(path(session.id))
    expect([body.base_price, body.vip_price, body.sales_close_at === null]).toEqual([round, 1000 + round, round % 2 === 1])
  }
  expect(await versionOf(session.id)).toBe(1 + rounds * 3)
})
