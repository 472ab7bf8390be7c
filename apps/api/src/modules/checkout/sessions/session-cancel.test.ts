import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, anonymous, given, db, clock, checkout } = await startTestApp()
const [customer, manager, admin] = [await as('customer'), await as('manager'), await as('admin')]

afterEach(clock.reset)

type Place = { id: number; seat_ids: number[] }
const path = (id: number, rest = '') => `/api/v1/sessions/${id}${rest}`
const hold = async (session: Place, seats: number[], person: Client = customer, order_id?: number) => {
  const seat_ids = seats.map((index) => session.seat_ids[index])
  const body = { session_id: session.id, seat_ids, ...(order_id && { order_id }) }
  return (await person.post('/api/v1/tickets', body)).body.order
}
const pay = async (order: { id: number }, person: Client = customer, card_token = 'tok_ok') =>
  (await person.post(`/api/v1/orders/${order.id}/pay`, { card_token })).body.order
const buy = async (session: Place, seats: number[], person: Client = customer) => pay(await hold(session, seats, person), person)

const pendingRefunds = async () => {
  const rows = await db.selectFrom('refunds').select('id').where('status', '=', 'pending').execute()
  return rows.map(({ id }) => id)
}
const giveBackAll = async () => {
  for (const refund_id of await pendingRefunds()) await checkout.refund({ refund_id })
}
const refundsAtBank = async (orderId: number) => {
  const { rows } = await sql<{ amount_minor: number }>`
    select j.amount_minor from mock_provider.journal j join payments p on p.provider_reference = j.intent_id
    where p.order_id = ${orderId} and j.kind = 'refund'`.execute(db)
  return rows.map(({ amount_minor }) => amount_minor)
}
const claimsOf = (session: Place) => db.selectFrom('seat_claims').select('state').where('session_id', '=', session.id).execute()
const holds = async () => expect((await checkInvariants(db)).violated).toEqual([])

test('R-116: a cancelled session sells nothing more, gives every ticket back and says how far it is', async () => {
  const session = await given.session({ seats: 8 })
  const other = await someone()
  const [mine, theirs] = [await buy(session, [0, 1]), await buy(session, [2], other)]
  const waiting = await hold(session, [3], other)
  const cancelled = await manager.post(path(session.id, '/cancel'), { reason: 'the projector broke' })
  const begun = { session_id: session.id, status: 'cancelled', tickets: { total: 3, done: 0, left: 3 }, finished: false }
  expect(cancelled).toMatchObject({ status: 200, body: begun })
  expect(await claimsOf(session)).toHaveLength(3)
  expect(await other.get(`/api/v1/orders/${waiting.id}`)).toMatchObject({ body: { status: 'canceled', total: 0 } })
  expect(await other.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[5]] })).toMatchObject({
    status: 409,
    body: { code: 'sessions.cancelled' },
  })
  await holds()

  expect(await checkout.cancelledSessions.run(session.id)).toEqual({ orders: 2, tickets: 3 })
  expect(await manager.get(path(session.id, '/cancellation'))).toMatchObject({
    body: { tickets: { total: 3, done: 3, left: 0 }, refunds: { pending: 2, success: 0, failed: 0 }, finished: false },
  })
  await giveBackAll()
  expect(await manager.get(path(session.id, '/cancellation'))).toMatchObject({
    body: { refunds: { pending: 0, success: 2, failed: 0 }, finished: true },
  })
  expect([await refundsAtBank(mine.id), await refundsAtBank(theirs.id)]).toEqual([[40_000], [20_000]])
  expect(await claimsOf(session)).toEqual([])
  expect(await customer.get(`/api/v1/orders/${mine.id}`)).toMatchObject({
    body: { status: 'canceled', tickets: [{ status: 'refunded' }, { status: 'refunded' }] },
  })
  await holds()
})

test('R-116: whose scan is undone after the session was cancelled and emptied gets the money back too', async () => {
  const session = await given.session({ starts_in_minutes: 30 })
  const [seen, unseen] = [await buy(session, [0, 1]), await buy(session, [2], await someone())]
  const cashier = await as('cashier')
  for (const { id } of seen.tickets) await cashier.put(`/api/v1/tickets/${id}`, { status: 'used' })
  await manager.post(path(session.id, '/cancel'))
  expect(await checkout.cancelledSessions.run(session.id)).toEqual({ orders: 1, tickets: 1 })
  const progress = async () => (await manager.get(path(session.id, '/cancellation'))).body
  await giveBackAll()
  expect(await progress()).toMatchObject({ tickets: { total: 1, done: 1, left: 0 }, finished: true })
  expect(await checkout.cancelledSessions.resume()).toBe(0)

  const undo = (at: number) => cashier.post(`/api/v1/tickets/${seen.tickets[at].id}/check-in/undo`, { reason: 'turned away' })
  expect(await undo(0)).toMatchObject({ status: 200, body: { status: 'paid' } })
  expect(await undo(0)).toMatchObject({ status: 409, body: { code: 'tickets.not_used' } })
  expect(await progress()).toMatchObject({ tickets: { total: 2, done: 1, left: 1 }, finished: false })
  expect(await checkout.cancelledSessions.resume()).toBe(1)
  await giveBackAll()
  expect(await progress()).toMatchObject({ tickets: { total: 2, done: 2, left: 0 }, finished: true })
  expect(await checkout.cancelledSessions.resume()).toBe(0)
  expect([await refundsAtBank(seen.id), await refundsAtBank(unseen.id)]).toEqual([[20_000], [20_000]])
  expect((await customer.get(`/api/v1/orders/${seen.id}`)).body.tickets.map(({ status }: { status: string }) => status)).toEqual([
    'refunded',
    'used',
  ])
  await holds()
})

test('R-119: each holder is told of the cancellation once, with the amount', async () => {
  const session = await given.session()
  const order = await buy(session, [0, 1])
  await manager.post(path(session.id, '/cancel'))
  await checkout.cancelledSessions.run(session.id)
  const { rows } = await sql<{ data: never }>`
    select data from pgboss.job where name = 'mail.order' and data ->> 'kind' = 'session_cancelled'
      and (data ->> 'session_id')::bigint = ${session.id}`.execute(db)
  expect(rows.map(({ data }) => data)).toEqual([{ order_id: order.id, kind: 'session_cancelled', session_id: session.id }])
  for (const { data } of [...rows, ...rows]) await checkout.orderMail(data)
  const mails = await db.selectFrom('mail_log').select(['kind', 'sent_at']).where('order_id', '=', order.id).execute()
  expect(mails).toEqual([{ kind: `session_cancelled.${session.id}`, sent_at: expect.any(Date) }])
})

test('R-116: cancelling again, with or without the same key, changes nothing and answers the same', async () => {
  const session = await given.session()
  await buy(session, [0])
  const key = { 'idempotency-key': 'cancel-1' }
  const replies = await Promise.all([
    ...Array.from({ length: 4 }, () => manager.post(path(session.id, '/cancel'), {}, key)),
    ...Array.from({ length: 4 }, () => admin.post(path(session.id, '/cancel'))),
  ])
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect(await manager.post(path(session.id, '/cancel'), { reason: 'other' }, key)).toMatchObject({ status: 422 })
  const { rows } =
    await sql`select from pgboss.job where name = 'sessions.cancel' and (data ->> 'session_id')::bigint = ${session.id}`.execute(
      db,
    )
  expect(rows).toHaveLength(1)
  await holds()
})

test('only managers and admins cancel, only admins delete, and nobody cancels what is over or unknown', async () => {
  const session = await given.session({ starts_in_minutes: 10 })
  for (const [person, status] of [
    [anonymous, 401],
    [customer, 403],
    [await as('cashier'), 403],
  ] as const) {
    expect(await person.post(path(session.id, '/cancel'))).toMatchObject({ status })
    expect(await person.get(path(session.id, '/cancellation'))).toMatchObject({ status })
    expect(await person.delete(path(session.id))).toMatchObject({ status })
  }
  expect(await manager.delete(path(session.id))).toMatchObject({ status: 403 })
  expect(await manager.post(path(999_999, '/cancel'))).toMatchObject({ status: 404 })
  expect(await manager.get(path(session.id, '/cancellation'))).toMatchObject({
    status: 404,
    body: { code: 'sessions.not_cancelled' },
  })
  expect(await manager.post(path(session.id, '/cancel'), { reason: '' })).toMatchObject({ status: 422 })
  expect(await admin.delete(`${path(session.id)}?cancel=perhaps`)).toMatchObject({ status: 422 })
  clock.advance(3 * 3600)
  expect(await manager.post(path(session.id, '/cancel'))).toMatchObject({ status: 409, body: { code: 'sessions.finished' } })
})

test('R-116: an order of two sessions loses only the tickets of the cancelled one; a used ticket stays used', async () => {
  const [gone, stays] = [await given.session({ base_price_minor: 12_345 }), await given.session()]
  const order = await hold(gone, [0, 1])
  await hold(stays, [0], customer, order.id)
  const paid = await pay(order)
  expect(paid.status).toBe('paid')
  const cashier = await as('cashier')
  expect(await cashier.put(`/api/v1/tickets/${paid.tickets[0].id}`, { status: 'used' })).toMatchObject({ status: 200 })
  const pending = await hold(gone, [4])
  await hold(stays, [4], customer, pending.id)

  expect(await manager.post(path(gone.id, '/cancel'))).toMatchObject({ body: { tickets: { total: 1, left: 1 } } })
  expect(await customer.get(`/api/v1/orders/${pending.id}`)).toMatchObject({ body: { status: 'pending', total: 200 } })
  await checkout.cancelledSessions.run(gone.id)
  await giveBackAll()
  expect(await refundsAtBank(order.id)).toEqual([12_345])
  const { body } = await customer.get(`/api/v1/orders/${order.id}`)
  expect(body).toMatchObject({ status: 'partially_refunded' })
  expect(body.tickets.map(({ status }: { status: string }) => status)).toEqual(['used', 'refunded', 'paid'])
  expect((await pay(pending)).status).toBe('paid')
  await holds()
})

test('R-116: money under way when a session is cancelled comes back whole', async () => {
  const [gone, stays] = [await given.session(), await given.session()]
  const [single, mixed] = [await hold(gone, [0]), await hold(gone, [1])]
  await hold(stays, [0], customer, mixed.id)
  for (const order of [single, mixed]) await pay(order, customer, 'tok_async')
  await manager.post(path(gone.id, '/cancel'))
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  clock.advance(10)
  await checkout.sweep.complete()
  await giveBackAll()
  expect(await refundsAtBank(single.id)).toEqual([20_000])
  expect(await refundsAtBank(mixed.id)).toEqual([40_000])
  expect(await customer.get(`/api/v1/orders/${single.id}`)).toMatchObject({ body: { status: 'canceled' } })
  await holds()
})

test('R-050, R-149: an admin deletes what nobody booked, hides what has a history, and is told of sold tickets', async () => {
  const [never, once, sold] = [await given.session(), await given.session(), await given.session()]
  expect(await admin.delete(path(never.id))).toMatchObject({ status: 204 })
  expect(await anonymous.get(path(never.id))).toMatchObject({ status: 404 })
  expect(await admin.delete(path(never.id))).toMatchObject({ status: 404 })

  const held = await hold(once, [0])
  expect(await admin.delete(path(once.id))).toMatchObject({ status: 204 })
  expect(await anonymous.get(path(once.id))).toMatchObject({ body: { status: 'cancelled', is_active: false } })
  expect(await customer.get(`/api/v1/orders/${held.id}`)).toMatchObject({ body: { status: 'canceled' } })

  await buy(sold, [0, 1])
  expect(await admin.delete(path(sold.id))).toMatchObject({
    status: 409,
    body: { code: 'sessions.has_sold_tickets', sold_tickets: 2, detail: expect.stringContaining('cancel=true') },
  })
  expect(await admin.delete(`${path(sold.id)}?cancel=true`)).toMatchObject({
    status: 200,
    body: { tickets: { total: 2, left: 2 } },
  })
  await checkout.cancelledSessions.run(sold.id)
  expect(await admin.delete(path(sold.id))).toMatchObject({ status: 204 })
  expect(await anonymous.get(path(sold.id))).toMatchObject({ body: { status: 'cancelled', is_active: false } })
  await holds()
})

test('R-116, R-149: a key makes a deletion one effect, also when the session is gone or emptied by the time of the repeat', async () => {
  const [never, sold] = [await given.session(), await given.session()]
  const key = { 'idempotency-key': 'delete-1' }
  const replies = await Promise.all(Array.from({ length: 4 }, () => admin.delete(path(never.id), undefined, key)))
  expect(replies.map(({ status }) => status)).toEqual([204, 204, 204, 204])
  expect(await admin.delete(path(never.id), undefined, key)).toMatchObject({ status: 204 })
  expect(await admin.delete(path(never.id))).toMatchObject({ status: 404 })
  expect(await admin.delete(`${path(never.id)}?cancel=true`, undefined, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotency.key_reused' },
  })

  const twice = await given.session()
  const two = await Promise.all(
    ['delete-3', 'delete-4'].map((name) => admin.delete(path(twice.id), undefined, { 'idempotency-key': name })),
  )
  expect(two.map(({ status }) => status).toSorted()).toEqual([204, 404])

  await buy(sold, [0])
  const other = { 'idempotency-key': 'delete-2' }
  const cancelled = { status: 200, body: { status: 'cancelled', tickets: { total: 1 } } }
  expect(await admin.delete(`${path(sold.id)}?cancel=true`, undefined, other)).toMatchObject(cancelled)
  await checkout.cancelledSessions.run(sold.id)
  expect(await admin.delete(`${path(sold.id)}?cancel=true`, undefined, other)).toMatchObject(cancelled)
  expect(await anonymous.get(path(sold.id))).toMatchObject({ body: { status: 'cancelled', is_active: true } })
  await holds()
})

test('R-149: what stands in the way of a deletion is told with a way that is open', async () => {
  const [over, emptying] = [await given.session({ starts_in_minutes: 10 }), await given.session({ starts_in_minutes: 20 })]
  await buy(over, [0])
  const walked = (await buy(emptying, [0])).tickets[0]
  await buy(emptying, [1], await someone())
  expect(await (await as('cashier')).put(`/api/v1/tickets/${walked.id}`, { status: 'used' })).toMatchObject({ status: 200 })
  await manager.post(path(emptying.id, '/cancel'))
  expect(await admin.delete(path(emptying.id))).toMatchObject({
    status: 409,
    body: { code: 'sessions.still_returning', sold_tickets: 1, detail: expect.stringContaining('/cancellation') },
  })
  expect(await admin.delete(`${path(emptying.id)}?cancel=true`)).toMatchObject({ status: 200, body: { tickets: { left: 1 } } })
  await checkout.cancelledSessions.run(emptying.id)
  expect(await admin.delete(path(emptying.id))).toMatchObject({ status: 204 })
  expect(await anonymous.get(path(emptying.id))).toMatchObject({ body: { is_active: false } })

  clock.advance(4 * 3600)
  for (const query of ['', '?cancel=true'])
    expect(await admin.delete(`${path(over.id)}${query}`)).toMatchObject({
      status: 409,
      body: { code: 'sessions.sold_and_over', sold_tickets: 1, detail: expect.stringContaining('/orders/{id}/cancel') },
    })
  await holds()
})

test('R-116: a session that was cancelled by another hand, with nobody told, is cancelled in full by its deletion', async () => {
  const session = await given.session()
  await buy(session, [0])
  await db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', session.id).execute()
  expect(await admin.delete(path(session.id))).toMatchObject({ status: 409, body: { code: 'sessions.has_sold_tickets' } })
  expect(await admin.delete(`${path(session.id)}?cancel=true`)).toMatchObject({ status: 200, body: { tickets: { left: 1 } } })
  expect(await checkout.cancelledSessions.run(session.id)).toEqual({ orders: 1, tickets: 1 })
})
