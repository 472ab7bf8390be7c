import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { eventually } from '#testing/processes.ts'
import { openMap, refusalOf, type Watching, watchMap } from '#testing/watch.ts'

/** So seldom that no test sees it: what arrives was told, not found. */
const NEVER_SECONDS = 3600

const app = await startTestApp({ config: { LIVE_REFRESH_SECONDS: NEVER_SECONDS, CORS_ORIGINS: ['https://tickets.example.org'] } })
await app.server.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.server.server.address() as AddressInfo

const watch = async (session_id: number) => {
  const map = await watchMap(port, session_id)
  onTestFinished(() => map.socket.terminate())
  return map
}

const seatsOf = async (session_id: number) => {
  const { body } = await app.anonymous.get(`/api/v1/sessions/${session_id}/available-seats`)
  return Object.fromEntries(body.seats.map((seat: { id: number; status: string }) => [seat.id, seat.status]))
}

const until = ({ seen }: Watching, seat_id: number, state: string) =>
  eventually(
    () => seen.states.get(seat_id),
    (known) => known === state,
  )

const reserve = async (session_id: number, seat_ids: number[]) => {
  const buyer = await app.someone()
  const { status, body } = await buyer.post('/api/v1/tickets', { session_id, seat_ids })
  expect(status).toBe(201)
  return { buyer, ticket_id: body.id as number, order_id: body.order.id as number }
}

test('the map begins with every seat of the hall, as the list of seats says', async () => {
  const session = await app.given.session({ seats: 5 })
  await reserve(session.id, session.seat_ids.slice(0, 2))
  await app.pool.query(`insert into seat_claims (session_id, seat_id, state, reason) values ($1, $2, 'blocked', 'broken')`, [
    session.id,
    session.seat_ids[4],
  ])

  const { seen } = await watch(session.id)

  expect(Object.fromEntries(seen.states)).toEqual(await seatsOf(session.id))
  expect([...seen.states.values()].toSorted()).toEqual(['blocked', 'free', 'free', 'held', 'held'])
})

test('what is reserved, paid and cancelled is told at once, and only that', async () => {
  const session = await app.given.session({ seats: 4 })
  const [first = 0, second = 0] = session.seat_ids
  const map = await watch(session.id)

  const { buyer, ticket_id } = await reserve(session.id, [first, second])
  await until(map, second, 'held')
  expect(map.seen.changes[0]).toEqual([
    [first, 'held'],
    [second, 'held'],
  ])

  await buyer.patch(`/api/v1/tickets/${ticket_id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })
  await until(map, second, 'sold')

  await buyer.post(`/api/v1/tickets/${ticket_id}/cancel`, {})
  await until(map, first, 'free')
  expect(map.seen.states.get(second)).toBe('sold')
  expect(map.seen).toMatchObject({ snapshots: 1, gaps: 0, version: 1 + map.seen.deltas })
})

test('seats that join an order, change places or leave it are told', async () => {
  const session = await app.given.session({ seats: 4 })
  const [first = 0, second = 0, third = 0] = session.seat_ids
  const map = await watch(session.id)
  const { buyer, order_id, ticket_id } = await reserve(session.id, [first])

  await buyer.post('/api/v1/tickets', { session_id: session.id, order_id, seat_ids: [second] })
  await until(map, second, 'held')

  const moved = await buyer.put(`/api/v1/tickets/${ticket_id}`, { seat_id: third })
  expect(moved.status).toBe(200)
  await until(map, third, 'held')
  expect(map.seen.states.get(first)).toBe('free')

  await buyer.post(`/api/v1/orders/${order_id}/cancel`, {})
  await until(map, third, 'free')
  expect([...map.seen.states.values()]).toEqual(['free', 'free', 'free', 'free'])
})

test('a hold is free on the map at its deadline, by the clock of the database, before any sweep', async () => {
  const session = await app.given.session({ seats: 2 })
  const [seat = 0] = session.seat_ids
  await reserve(session.id, [seat])
  const map = await watch(session.id)
  expect(map.seen.states.get(seat)).toBe('held')

  await app.pool.query(`update seat_claims set expires_at = now() + interval '700 milliseconds' where session_id = $1`, [
    session.id,
  ])
  app.touch(app.db, [session.id])

  await until(map, seat, 'free')
  const { rows } = await app.pool.query<{ late_ms: number }>(
    `select extract(epoch from now() - expires_at) * 1000 as late_ms from seat_claims where session_id = $1`,
    [session.id],
  )
  expect(rows[0]?.late_ms).toBeGreaterThanOrEqual(0)
})

test('what a sweep frees is told', async () => {
  const session = await app.given.session({ seats: 2 })
  const [seat = 0] = session.seat_ids
  const map = await watch(session.id)
  const { order_id } = await reserve(session.id, [seat])
  await until(map, seat, 'held')

  await app.pool.query(`update seat_claims set expires_at = now() - interval '1 second' where order_id = $1`, [order_id])
  await app.pool.query(`update orders set expires_at = now() - interval '1 second' where id = $1`, [order_id])
  expect(await app.checkout.sweep.expire()).toBeGreaterThan(0)

  await until(map, seat, 'free')
})

test('watchers hear of new prices, and of nothing when none has changed', async () => {
  const session = await app.given.session({ seats: 2 })
  const manager = await app.as('manager')
  const map = await watch(session.id)
  await manager.patch(`/api/v1/sessions/${session.id}`, { base_price: 512 })
  await eventually(
    () => map.seen.sessions,
    (told) => told.length === 1,
  )
  await manager.patch(`/api/v1/sessions/${session.id}`, { base_price: 512 })
  await reserve(session.id, [session.seat_ids[0] ?? 0])
  await until(map, session.seat_ids[0] ?? 0, 'held')
  expect(map.seen.sessions).toEqual(['scheduled'])
})

test('watchers hear that a session has moved, and that it is cancelled and its holds are gone', async () => {
  const session = await app.given.session({ seats: 2 })
  const [seat = 0] = session.seat_ids
  const manager = await app.as('manager')
  await reserve(session.id, [seat])
  const map = await watch(session.id)

  const { body } = await manager.get(`/api/v1/sessions/${session.id}`)
  const start_time = new Date(Date.parse(body.start_time) + 30 * 60_000).toISOString()
  expect((await manager.put(`/api/v1/sessions/${session.id}`, { start_time })).status).toBe(200)
  await eventually(
    () => map.seen.sessions,
    (told) => told.includes('rescheduled'),
  )

  await manager.post(`/api/v1/sessions/${session.id}/cancel`, { reason: 'The projector is broken.' })
  await eventually(
    () => map.seen.sessions,
    (told) => told.at(-1) === 'cancelled',
  )
  await until(map, seat, 'free')

  const late = await watch(session.id)
  await eventually(
    () => late.seen.sessions,
    (told) => told.includes('cancelled'),
  )
})

test('a session that ends is told to be over, though nobody did anything', async () => {
  const session = await app.given.session({ seats: 1 })
  const map = await watch(session.id)
  await app.pool.query(
    `update sessions set start_time = now() - interval '2 hours', end_time = now() + interval '600 milliseconds',
      occupies = tstzrange(now() - interval '2 hours', now() + interval '1 second') where id = $1`,
    [session.id],
  )
  app.touch(app.db, [session.id])
  const told = await eventually(
    () => map.seen.sessions,
    (statuses) => statuses.includes('finished'),
  )
  expect(told.at(-1)).toBe('finished')
})

test('a new layout of the hall brings a new map', async () => {
  const session = await app.given.session({ rows: 1, seats_per_row: 3 })
  const map = await watch(session.id)
  const manager = await app.as('manager')

  const changed = await manager.put(`/api/v1/halls/${session.hall_id}`, { rows: 2, seats_per_row: 3 })
  expect(changed.status).toBe(200)

  await eventually(
    () => map.seen,
    ({ snapshots }) => snapshots === 2,
  )
  expect(Object.fromEntries(map.seen.states)).toEqual(await seatsOf(session.id))
  expect(map.seen.states.size).toBe(6)
})

test('an unknown session is 4404, also when it is deleted while somebody watches', async () => {
  const { seen } = openMap(port, 999_999_999)
  await eventually(
    () => seen.closed,
    (code) => code === 4404,
  )

  const session = await app.given.session({ seats: 1 })
  const map = await watch(session.id)
  expect((await (await app.as('admin')).delete(`/api/v1/sessions/${session.id}`)).status).toBe(204)
  await eventually(
    () => map.seen.closed,
    (code) => code === 4404,
  )
})

test('pages of other origins may not watch; those of the house, of the list, and programs may', async () => {
  const session = await app.given.session({ seats: 1 })
  const path = `/api/v1/sessions/${session.id}/live`

  const { status, body } = await refusalOf(port, path, { origin: 'https://evil.example' })
  expect(status).toBe(403)
  expect(JSON.parse(body)).toMatchObject({ code: 'request.foreign_origin' })
  expect(await refusalOf(port, path, { origin: 'null' })).toMatchObject({ status: 403 })

  for (const origin of [app.config.PUBLIC_URL, `http://127.0.0.1:${port}`, 'https://tickets.example.org'])
    (await watchMap(port, session.id, { origin })).socket.terminate()
})

test('what is not a WebSocket, or not a session, gets a named answer', async () => {
  const session = await app.given.session({ seats: 1 })
  expect(await app.anonymous.get(`/api/v1/sessions/${session.id}/live`)).toMatchObject({
    status: 426,
    body: { code: 'request.upgrade_needed' },
  })
  expect(await refusalOf(port, '/api/v1/sessions/none/live')).toMatchObject({ status: 422 })
  expect(await refusalOf(port, `/api/v1/sessions/${session.id}/live?token=1`)).toMatchObject({ status: 422 })
  expect(await refusalOf(port, `/api/v1/sessions/${session.id}`)).toMatchObject({ status: 200 })
})

test('what watchers say is not heard, and whoever says much is cut off', async () => {
  const session = await app.given.session({ seats: 2 })
  const map = await watch(session.id)
  const loud = await watch(session.id)

  map.socket.send('{"type":"reserve"}')
  loud.socket.send('x'.repeat(100_000))
  const code = await eventually(
    () => loud.seen.closed,
    (closed) => closed !== undefined,
  )
  expect(code).toBe(1009)

  await reserve(session.id, [session.seat_ids[0] ?? 0])
  await until(map, session.seat_ids[0] ?? 0, 'held')
})

test('whoever connects again gets a whole map of now', async () => {
  const session = await app.given.session({ seats: 3 })
  const before = await watch(session.id)
  before.socket.terminate()
  await reserve(session.id, session.seat_ids.slice(1))

  const after = await watch(session.id)
  expect(Object.fromEntries(after.seen.states)).toEqual(await seatsOf(session.id))
})

test('the metrics count watchers, messages and bytes', async () => {
  const session = await app.given.session({ seats: 1 })
  await watch(session.id)
  const { body } = await app.anonymous.get('/metrics')
  const valueOf = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1])
  expect(valueOf('marquee_live_watchers')).toBeGreaterThan(0)
  expect(valueOf('marquee_live_sessions')).toBeGreaterThan(0)
  expect(valueOf('marquee_live_messages_total')).toBeGreaterThan(0)
  expect(valueOf('marquee_live_bytes_total')).toBeGreaterThan(50)
  expect(valueOf('marquee_live_dropped_total')).toBe(0)
})
