import type { AddressInfo, Socket } from 'node:net'

import { beforeEach, expect, onTestFinished, test } from 'vitest'

import type { Config } from '#platform/config.ts'
import { startTestApp } from '#testing/app.ts'
import { eventually } from '#testing/processes.ts'
import { openMap, watchMap } from '#testing/watch.ts'

const startListening = async (config: Partial<Config>) => {
  const app = await startTestApp({ config })
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.server.address() as AddressInfo
  return {
    ...app,
    port,
    watch: async (session_id: number, options?: Parameters<typeof openMap>[2]) => {
      const map = await watchMap(port, session_id, options)
      onTestFinished(() => map.socket.terminate())
      return map
    },
  }
}

/** Looks by itself so seldom that what arrives was told, and knows who is behind its proxy. */
const calm = await startListening({
  LIVE_REFRESH_SECONDS: 3600,
  LIVE_CONNECTIONS_PER_ADDRESS: 2,
  TRUSTED_PROXIES: ['127.0.0.1'],
})
/** Looks and pings all the time. */
const hasty = await startListening({ LIVE_REFRESH_SECONDS: 0.3, LIVE_PING_SECONDS: 0.2, LIVE_CONNECTIONS: 2 })

beforeEach(async () => {
  for (const { anonymous } of [calm, hasty])
    await eventually(
      async () => (await anonymous.get('/metrics')).body as string,
      (body) => body.includes('marquee_live_watchers 0'),
    )
})

const codeOf = async (port: number, session_id: number, headers: Record<string, string> = {}) => {
  const { seen } = openMap(port, session_id, { headers })
  return eventually(
    () => seen.closed,
    (code) => code !== undefined,
  )
}

const block = (app: { pool: { query: (text: string, values: unknown[]) => Promise<unknown> } }, session_id: number) =>
  app.pool.query(
    `insert into seat_claims (session_id, seat_id, state, reason)
     select x.id, s.id, 'blocked', 'test' from sessions x join seats s on s.hall_id = x.hall_id where x.id = $1`,
    [session_id],
  )

test('an address watches so many maps and no more; another address, or one that has left, is let in', async () => {
  const { id } = await calm.given.session({ seats: 1 })
  const from = (ip: string) => ({ 'x-forwarded-for': ip })
  await calm.watch(id, { headers: from('2001:db8::1') })
  const second = await calm.watch(id, { headers: from('2001:db8::2') })

  expect(await codeOf(calm.port, id, from('2001:db8:0:0:ffff::3'))).toBe(4429)
  await calm.watch(id, { headers: from('2001:db8:0:1::3') })

  second.socket.close()
  await eventually(
    () => second.seen.closed,
    (code) => code !== undefined,
  )
  await calm.watch(id, { headers: from('2001:db8::4') })
})

test('a full server says: try again later', async () => {
  const { id } = await hasty.given.session({ seats: 1 })
  await hasty.watch(id)
  await hasty.watch(id)
  expect(await codeOf(hasty.port, id)).toBe(1013)
})

test('whoever does not answer a ping is dropped, whoever answers stays', async () => {
  const { id } = await hasty.given.session({ seats: 1 })
  const silent = await hasty.watch(id, { autoPong: false })
  const lively = await hasty.watch(id)
  await eventually(
    () => silent.seen.closed,
    (code) => code === 1006,
  )
  expect(lively.seen.closed).toBeUndefined()
})

test('whoever does not read is dropped, while the others go on', async () => {
  const session = await calm.given.session({ rows: 10, seats_per_row: 50 })
  let connection: Socket | undefined
  calm.server.server.once('connection', (socket: Socket) => (connection = socket))
  const slow = await calm.watch(session.id)
  const quick = await calm.watch(session.id)
  // As a network that takes nothing: what is sent stays with the server.
  connection?.cork()

  for (let change = 0; slow.seen.closed === undefined; change += 1) {
    if (change > 500) throw new Error('The slow watcher was never dropped.')
    if (change % 2 === 0) await block(calm, session.id)
    else await calm.pool.query('delete from seat_claims where session_id = $1', [session.id])
    const { deltas } = quick.seen
    calm.touch(calm.db, [session.id])
    await eventually(
      () => quick.seen.deltas,
      (now) => now > deltas,
    )
  }

  expect(slow.seen.closed).toBe(1006)
  expect(quick.seen).toMatchObject({ closed: undefined, gaps: 0 })
  expect(quick.seen.deltas).toBeGreaterThan(10)
  expect((await calm.anonymous.get('/metrics')).body).toContain('marquee_live_dropped_total 1')
  const again = await calm.watch(session.id)
  expect(again.seen.states).toEqual(quick.seen.states)
})

test('a change that nobody was told of is found by the next look', async () => {
  const session = await hasty.given.session({ seats: 2 })
  const { seen } = await hasty.watch(session.id)
  await block(hasty, session.id)
  await eventually(
    () => [...seen.states.values()],
    (states) => states.every((state) => state === 'blocked'),
  )
  expect(seen.deltas).toBe(1)
})

test('nobody watches, nothing is read', async () => {
  const session = await hasty.given.session({ seats: 2 })
  const { socket, seen } = await hasty.watch(session.id)
  socket.close()
  await eventually(
    () => seen.closed,
    (code) => code !== undefined,
  )
  const metrics = await eventually(
    async () => (await hasty.anonymous.get('/metrics')).body as string,
    (body) => body.includes('marquee_live_sessions 0'),
  )
  expect(metrics).toContain('marquee_live_watchers 0')
})

test('a database that is away for a moment makes the map late, not wrong', async () => {
  const session = await calm.given.session({ seats: 2 })
  const { seen } = await calm.watch(session.id)
  await calm.pool.query('alter table seat_claims rename to seat_claims_away')
  calm.touch(calm.db, [session.id])
  const other = openMap(calm.port, session.id)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(other.seen.snapshots).toBe(0)

  await calm.pool.query('alter table seat_claims_away rename to seat_claims')
  await block(calm, session.id)
  await eventually(
    () => [...seen.states.values(), ...other.seen.states.values()],
    (states) => states.length === 4 && states.every((state) => state === 'blocked'),
  )
  other.socket.terminate()
})

test('a server that stops tells its watchers to come back, and does not wait for those who are silent', async () => {
  const { id } = await calm.given.session({ seats: 1 })
  const map = await calm.watch(id)
  const silent = await calm.watch(id)
  silent.socket.pause()

  const started = performance.now()
  await calm.server.close()

  expect(performance.now() - started).toBeLessThan(10_000)
  await eventually(
    () => map.seen.closed,
    (code) => code === 1013,
  )
})
