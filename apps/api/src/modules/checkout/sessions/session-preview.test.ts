import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, anonymous, given, db, clock, checkout, payments } = await startTestApp()
const [customer, manager] = [await as('customer'), await as('manager')]

const HOUR = 3600_000
type Place = { id: number; seat_ids: number[] }
const path = (id: number, rest = '') => `/api/v1/sessions/${id}${rest}`
const hold = async (session: Place, seats: number[], person: Client = customer) => {
  const seat_ids = seats.map((index) => session.seat_ids[index])
  return (await person.post('/api/v1/tickets', { session_id: session.id, seat_ids })).body.order
}
const buy = async (session: Place, seats: number[], person: Client = customer, card_token = 'tok_ok') => {
  const { id } = await hold(session, seats, person)
  return (await person.post(`/api/v1/orders/${id}/pay`, { card_token })).body.order
}
const startOf = async (id: number) => new Date((await anonymous.get(path(id))).body.start_time)
const later = async (id: number, hours: number) => new Date((await startOf(id)).getTime() + hours * HOUR).toISOString()
const everything = async (id: number) => ({
  session: await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst(),
  claims: await db.selectFrom('seat_claims').selectAll().where('session_id', '=', id).orderBy('seat_id').execute(),
  tickets: await db.selectFrom('tickets').selectAll().where('session_id', '=', id).orderBy('id').execute(),
})
const giveBackAll = async () => {
  const rows = await db.selectFrom('refunds').select('id').where('status', '=', 'pending').execute()
  for (const { id } of rows) await checkout.refund({ refund_id: id })
}
const holds = async () => expect((await checkInvariants(db)).violated).toEqual([])

test('R-116: before a session is cancelled a manager sees whom it concerns and what goes back; nothing is changed', async () => {
  const session = await given.session({ seats: 10 })
  await buy(session, [0, 1])
  await buy(session, [2])
  await buy(session, [3], await someone())
  await hold(session, [5, 6], await someone())
  await buy(session, [8], await someone(), 'tok_async')
  const before = await everything(session.id)
  const seen = await manager.get(path(session.id, '/cancel-preview'))
  expect(seen).toMatchObject({
    status: 200,
    body: {
      orders: 3,
      holders: 2,
      tickets: { paid: 4, used: 0, held: 3 },
      pending_orders: 2,
      refund_total: 800,
      refunds: [{ provider: 'mock', method: 'card', orders: 3, amount: 800 }],
      in_flight: { payments: 1, amount: 200 },
    },
  })
  expect(await everything(session.id)).toEqual(before)
  await manager.post(path(session.id, '/cancel'))
  await checkout.cancelledSessions.run(session.id)
  const { rows } = await sql<{ minor: number }>`
    select sum(r.amount_minor)::bigint as minor from refunds r join payments p on p.id = r.payment_id
    where r.reason = 'session_cancelled' and p.order_id in (select order_id from tickets where session_id = ${session.id})`.execute(
    db,
  )
  expect(rows).toEqual([{ minor: seen.body.refund_total * 100 }])
  expect(await manager.get(path(session.id, '/cancel-preview'))).toMatchObject({
    status: 409,
    body: { code: 'sessions.cancelled' },
  })
})

test('R-119: before a session is moved a manager sees the clash, the doors and who has tickets for something else then', async () => {
  const hall = await given.hall()
  const session = { ...(await given.session({ hall_id: hall.id })), seat_ids: hall.seat_ids }
  const next = await given.session({ hall_id: hall.id, starts_in_minutes: 24 * 60 + 300 })
  const elsewhere = await given.session({ starts_in_minutes: 24 * 60 + 180 })
  const order = await buy(session, [0, 1])
  await buy(session, [4], await someone())
  await buy(elsewhere, [0])
  const before = await everything(session.id)
  const start_time = await later(session.id, 3.5)
  const seen = await manager.post(path(session.id, '/move-preview'), { start_time })
  expect(seen).toMatchObject({
    status: 200,
    body: {
      new: { start_time, hall_id: hall.id, doors_open_at: new Date(new Date(start_time).getTime() - HOUR).toISOString() },
      orders: 2,
      tickets: { paid: 3 },
      clash: { id: next.id },
      needs_hall_swap: false,
      free_cancellation_until: start_time,
      overlaps: [{ order_id: order.id, tickets: 2, session: { id: elsewhere.id } }],
    },
  })
  const other = await given.hall({ cinema_id: hall.cinema_id })
  const wish = { start_time: await startOf(session.id), hall_id: other.id }
  expect(await manager.post(path(session.id, '/move-preview'), wish)).toMatchObject({
    body: { clash: null, needs_hall_swap: true, free_cancellation_until: null, overlaps: [] },
  })
  expect(await manager.post(path(session.id, '/move-preview'), { start_time: 'soon' })).toMatchObject({ status: 422 })
  expect(await everything(session.id)).toEqual(before)
})

test('R-049: whoever moved, swapped or cancelled a session, and when, can be read afterwards', async () => {
  const hall = await given.hall()
  const session = { ...(await given.session({ hall_id: hall.id })), seat_ids: hall.seat_ids }
  const other = await given.hall({ cinema_id: hall.cinema_id })
  await buy(session, [0])
  const [was, start_time] = [(await startOf(session.id)).toISOString(), await later(session.id, 1)]
  expect(await manager.patch(path(session.id), { start_time })).toMatchObject({ status: 200 })
  clock.advance(1)
  const { expected_version } = (await manager.post(path(session.id, '/hall-swap-preview'), { hall_id: other.id })).body
  const wish = { hall_id: other.id, unplaced: 'refuse', expected_version }
  expect(await manager.post(path(session.id, '/hall-swap'), wish)).toMatchObject({ status: 200 })
  clock.advance(1)
  await manager.post(path(session.id, '/cancel'))
  const { body } = await manager.get(path(session.id, '/changes'))
  const actor = `u:${manager.id}`
  expect(body.items).toMatchObject([
    { kind: 'cancelled', actor, tickets: 1 },
    { kind: 'hall_swapped', actor, tickets: 1, unplaced: 0 },
    { kind: 'moved', actor, old_start_time: was, new_start_time: start_time },
  ])
  const { items } = (await (await as('admin')).get(`/api/v1/admin/audit?object_kind=session_swaps`)).body
  expect(items[0]).toMatchObject({ action: 'session_swaps.created', actor, object_id: String(session.id) })
  clock.reset()
})

test('R-116: each order of a cancelled session shows what came of its money, and what was refused is tried again at once', async () => {
  const session = await given.session({ seats: 10 })
  const people = await Promise.all(Array.from({ length: 5 }, () => someone()))
  const orders = []
  for (const [seat, person] of people.entries()) orders.push(await buy(session, [seat], person))
  const list = (query = '') => manager.get(path(session.id, `/cancellation/orders${query}`))
  expect(await list()).toMatchObject({ status: 404, body: { code: 'sessions.not_cancelled' } })
  await manager.post(path(session.id, '/cancel'))
  expect((await list()).body.items).toMatchObject(
    orders.map(({ id }) => ({ order_id: id, tickets: 1, left: 1, refund_status: null })),
  )

  await checkout.cancelledSessions.run(session.id)
  const { refund_id, payment_id } = await db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select(['r.id as refund_id', 'r.payment_id'])
    .where('p.order_id', '=', orders[0].id)
    .executeTakeFirstOrThrow()
  await db.updateTable('refunds').set({ status: 'failed', failure_code: 'card_expired' }).where('id', '=', refund_id).execute()
  await db.insertInto('payment_alarms').values({ payment_id, kind: 'refund_refused' }).execute()
  const first = await list('?size=2')
  expect(first.body.items).toMatchObject([{ refund: 200, refund_status: 'failed', failure_code: 'card_expired' }, { left: 0 }])
  expect(
    (await list(`?size=2&cursor=${first.body.next_cursor}`)).body.items.map((row: { order_id: number }) => row.order_id),
  ).toEqual(orders.slice(2, 4).map(({ id }) => id))
  expect((await list('?refund_status=failed')).body.items).toHaveLength(1)
  await holds()

  expect(await manager.post(path(session.id, '/cancellation/retry'))).toMatchObject({
    status: 200,
    body: { refunds: { pending: 5, failed: 0 } },
  })
  await giveBackAll()
  expect((await list('?refund_status=success')).body.items).toHaveLength(5)
  expect(await manager.post(path(session.id, '/cancellation/retry'))).toMatchObject({
    body: { refunds: { success: 5 }, finished: true },
  })
  await holds()
})

test('R-116: a refused refund whose room was taken since stays refused, and the others are tried again all the same', async () => {
  const session = await given.session({ seats: 3 })
  const orders = []
  for (const seat of [0, 1]) orders.push(await buy(session, [seat], await someone()))
  await manager.post(path(session.id, '/cancel'))
  await checkout.cancelledSessions.run(session.id)
  const made = await db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select(['r.id', 'r.payment_id'])
    .where(
      'p.order_id',
      'in',
      orders.map(({ id }) => id),
    )
    .orderBy('r.id')
    .execute()
  for (const { id, payment_id } of made) {
    await db.updateTable('refunds').set({ status: 'failed', failure_code: 'card_expired' }).where('id', '=', id).execute()
    await db.insertInto('payment_alarms').values({ payment_id, kind: 'refund_refused' }).execute()
  }
  await db.transaction().execute((tx) => payments.refund(tx, made[0]?.payment_id ?? 0, 1, 'goodwill'))
  expect(await manager.post(path(session.id, '/cancellation/retry'))).toMatchObject({
    status: 200,
    body: { refunds: { pending: 1, failed: 1 } },
  })
  await giveBackAll()
  expect((await manager.get(path(session.id, '/cancellation/orders?refund_status=failed'))).body.items).toMatchObject([
    { order_id: orders[0].id },
  ])
})

test('previews, results and retries are for managers of that cinema', async () => {
  const session = await given.session()
  const stranger = await someone('manager', [(await given.cinema()).id])
  for (const [person, status] of [
    [anonymous, 401],
    [customer, 403],
    [await as('cashier'), 403],
    [stranger, 403],
  ] as const) {
    for (const rest of ['/cancel-preview', '/changes', '/cancellation/orders'])
      expect(await person.get(path(session.id, rest))).toMatchObject({ status })
    expect(await person.post(path(session.id, '/move-preview'), { start_time: '2030-01-15T18:00:00Z' })).toMatchObject({ status })
    expect(await person.post(path(session.id, '/cancellation/retry'))).toMatchObject({ status })
  }
  expect(await manager.get(path(999_999, '/cancel-preview'))).toMatchObject({ status: 404 })
  expect(await manager.post(path(session.id, '/cancellation/retry'))).toMatchObject({ status: 404 })
})
