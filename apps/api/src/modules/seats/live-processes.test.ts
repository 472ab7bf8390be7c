import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

import { Redis } from 'ioredis'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'

import { createApp } from '#app'
import { openServer } from '#platform/db/pool.ts'
import { createLog } from '#platform/log.ts'
import { startTestApp } from '#testing/app.ts'
import { eventually } from '#testing/processes.ts'
import { watchMap } from '#testing/watch.ts'

const REDIS_URL = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const NEVER_SECONDS = 3600

const redisAnswers = async () => {
  const redis = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}
const hasRedis = await redisAnswers()
if (!hasRedis) process.stderr.write(`\n  SKIPPED: no Redis answers at ${REDIS_URL}; hints over Redis are not tested here.\n\n`)

const app = await startTestApp()

/** One more process on the same database, with a pool and a line of its own. */
const openProcess = async (config: { REDIS_URL?: string } = {}) => {
  const database = openServer({ url: app.database.url, size: 5 })
  const ours = { ...app.config, LIVE_REFRESH_SECONDS: NEVER_SECONDS, ...config }
  const started = await createApp({ config: ours, database, keys: app.keys, log: createLog(ours) })
  await started.open()
  await started.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = started.server.server.address() as AddressInfo
  const close = async () => {
    await started.close()
    await database.close()
  }
  const health = async () => {
    const { body, statusCode } = await started.server.inject({ url: '/health/ready' })
    return { statusCode, live: (JSON.parse(body) as { checks: { live: string } }).checks.live }
  }
  return { ...started, port, database, health, close }
}
type Process = Awaited<ReturnType<typeof openProcess>>

const startProcess = async (config: { REDIS_URL?: string }) => {
  const started = await openProcess(config)
  onTestFinished(started.close)
  return started
}
const [one, other] = [await openProcess(), await openProcess()]
afterAll(() => Promise.all([one.close(), other.close()]))

const reserveAt = async (at: Process, session_id: number, seat_ids: number[]) => {
  const { headers } = await app.someone()
  const { statusCode } = await at.server.inject({
    method: 'POST',
    url: '/api/v1/tickets',
    headers,
    payload: { session_id, seat_ids },
  })
  expect(statusCode).toBe(201)
}

const notified = (calls: unknown[][]) => calls.filter((call) => JSON.stringify(call).includes('pg_notify'))

const untilHeld = ({ seen }: Awaited<ReturnType<typeof watchMap>>, seat_id: number) =>
  eventually(
    () => seen.states.get(seat_id),
    (state) => state === 'held',
  )

const watch = async (at: Process, session_id: number) => {
  const map = await watchMap(at.port, session_id)
  onTestFinished(() => map.socket.terminate())
  return map
}

const expectEachOther = async (left: Process, right: Process) => {
  const session = await app.given.session({ seats: 3 })
  const [first = 0, second = 0] = session.seat_ids
  const [here, there] = await Promise.all([watch(left, session.id), watch(right, session.id)])
  await reserveAt(left, session.id, [first])
  await reserveAt(right, session.id, [second])
  for (const map of [here, there]) for (const seat of [first, second]) await untilHeld(map, seat)
}

test('Q-11: two processes on one database see each other’s bookings', async () => {
  await expectEachOther(one, other)
  expect(await one.health()).toEqual({ statusCode: 200, live: 'ok' })
})

test('many sessions of one moment are told to the other process in few messages', async () => {
  const session = await app.given.session({ seats: 1 })
  const map = await watch(other, session.id)
  const query = vi.spyOn(one.database.pool, 'query')
  onTestFinished(() => query.mockRestore())

  const ids = Array.from({ length: 1000 }, (_, index) => 9_000_000_000_000 + index)
  for (const id of ids) one.touch(one.db, [id])
  await app.pool.query(`insert into seat_claims (session_id, seat_id, state, reason) values ($1, $2, 'blocked', 'test')`, [
    session.id,
    session.seat_ids[0],
  ])
  one.touch(one.db, [session.id])

  await eventually(
    () => [...map.seen.states.values()],
    ([state]) => state === 'blocked',
  )
  expect(notified(query.mock.calls).length).toBeLessThan(10)
})

test('a process whose line was cut looks again when it hears once more', async () => {
  const session = await app.given.session({ seats: 1 })
  const map = await watch(one, session.id)
  await app.pool.query(`insert into seat_claims (session_id, seat_id, state, reason) values ($1, $2, 'blocked', 'test')`, [
    session.id,
    session.seat_ids[0],
  ])
  const { rowCount } = await app.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'marquee-listen' and datname = current_database()`,
  )
  expect(rowCount).toBeGreaterThan(0)
  await eventually(
    () => [...map.seen.states.values()],
    ([state]) => state === 'blocked',
  )
})

test('Q-11: without its Redis a process serves, books and says what is missing; its own watchers see everything', async () => {
  const alone = await startProcess({ REDIS_URL: 'redis://127.0.0.1:1' })
  const session = await app.given.session({ seats: 1 })
  const map = await watch(alone, session.id)
  await reserveAt(alone, session.id, session.seat_ids)
  await untilHeld(map, session.seat_ids[0] ?? 0)
  expect(await alone.health()).toEqual({ statusCode: 200, live: 'failed' })
})

/** A Redis whose line can be cut. */
const startLine = async () => {
  const { hostname, port } = new URL(REDIS_URL)
  const ends = new Set<Socket>()
  const proxy = createServer((near) => {
    const far = connect(Number(port || 6379), hostname)
    for (const end of [near, far]) {
      ends.add(end)
      end.on('error', () => undefined).on('close', () => [near, far].forEach((side) => side.destroy()))
    }
    near.pipe(far).pipe(near)
  })
  const cut = () => ends.forEach((end) => end.destroy())
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    cut()
    proxy.close()
  })
  return { url: `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`, cut }
}

test.skipIf(!hasRedis)('Q-11: two processes with a Redis hear each other through it, also after it was away', async () => {
  const line = await startLine()
  const [left, right] = [await startProcess({ REDIS_URL: line.url }), await startProcess({ REDIS_URL: line.url })]
  const untilWell = () =>
    eventually(
      async () => [await left.health(), await right.health()],
      (both) => both.every(({ live }) => live === 'ok'),
    )
  await untilWell()
  const query = vi.spyOn(left.database.pool, 'query')
  await expectEachOther(left, right)
  expect(notified(query.mock.calls)).toHaveLength(0)

  line.cut()
  await eventually(left.health, ({ live }) => live === 'failed')
  await untilWell()
  await expectEachOther(left, right)
})
