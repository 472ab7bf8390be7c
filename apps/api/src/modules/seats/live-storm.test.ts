import type { AddressInfo } from 'node:net'

import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { eventually } from '#testing/processes.ts'
import { watchMap } from '#testing/watch.ts'

const WATCHERS = 20
const BUYERS = 12
const TURNS = 12

const app = await startTestApp({ config: { LIVE_REFRESH_SECONDS: 3600 } })
await app.server.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.server.server.address() as AddressInfo

const pick = <T>(from: T[]): T => from[Math.floor(Math.random() * from.length)] as T

test('Q-05, I13: after a storm of reservations, payments and cancellations each of 20 watchers knows what the database says', async () => {
  const session = await app.given.session({ rows: 4, seats_per_row: 5 })
  const maps = await Promise.all(Array.from({ length: WATCHERS }, () => watchMap(port, session.id)))
  const statuses = new Map<number, number>()

  const storm = async () => {
    const buyer = await app.someone()
    for (let turn = 0; turn < TURNS; turn += 1) {
      const seat_ids = [...new Set([pick(session.seat_ids), pick(session.seat_ids)])]
      const { status, body } = await buyer.post('/api/v1/tickets', { session_id: session.id, seat_ids })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status !== 201) continue
      const chance = Math.random()
      if (chance < 0.3) await buyer.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
      if (chance < 0.8) await buyer.post(`/api/v1/orders/${body.order.id}/cancel`, {})
      // Somebody whose train goes through a tunnel.
      if (chance < 0.1) pick(maps).socket.terminate()
    }
  }
  await Promise.all(Array.from({ length: BUYERS }, storm))

  const { body } = await app.anonymous.get(`/api/v1/sessions/${session.id}/available-seats`)
  const truth = body.seats.map(({ id, status }: { id: number; status: string }) => [id, status]).toSorted()
  const here = maps.filter(({ seen }) => seen.closed === undefined)
  for (const { seen } of here) {
    await eventually(
      () => [...seen.states].toSorted(),
      (known) => JSON.stringify(known) === JSON.stringify(truth),
    )
    expect(seen.gaps).toBe(0)
    expect(seen.snapshots).toBe(1)
    expect(seen.deltas).toBeGreaterThan(5)
  }
  expect(here.length).toBeGreaterThan(0)
  expect(statuses.get(201)).toBeGreaterThan(0)
  expect(statuses.get(409)).toBeGreaterThan(0)
  for (const { socket } of maps) socket.terminate()
})
