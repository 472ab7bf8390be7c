import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { SMTPServer } from 'smtp-server'
import { afterAll, expect, test } from 'vitest'

import { createCaller, eventually, freePort, type Running } from '#testing/processes.ts'
import { createCounters, describeCounts, quantile } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { leftToDo } from '../lib/work.ts'
import { openWorld } from './world.ts'

const PURCHASES = 12
/** A server that hangs is given up after ten seconds: whoever had to wait for it would wait for longer than this. */
const PROMPT_MS = 8_000
const PATIENCE_MS = 30_000

const [smtpPort, redisPort, storagePort] = [await freePort(), await freePort(), await freePort()]
const world = await openWorld({
  servers: 1,
  env: {
    JOBS: 'true',
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    MAIL_FROM: 'tickets@marquee.test',
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    S3_BUCKET: 'marquee',
    S3_ENDPOINT: `http://127.0.0.1:${storagePort}`,
    S3_ACCESS_KEY_ID: 'nobody',
    S3_SECRET_ACCESS_KEY: 'nothing',
  },
})
const { pool, given } = world
const [server] = world.servers as [Running]
afterAll(world.close)
const counters = createCounters()
const waits_ms: number[] = []

const buy = async (): Promise<void> => {
  const person = (await world.someone())(server)
  const { id: session_id, seat_ids } = await given.session({ seats: 2 })
  const started = performance.now()
  const held = await person.post('/api/v1/tickets', { session_id, seat_ids })
  const paid = await person.post(`/api/v1/orders/${held.body.order.id}/pay`, { card_token: 'tok_ok' })
  waits_ms.push(performance.now() - started)
  expect([held.status, paid.status, paid.body.status]).toEqual([201, 201, 'success'])
  counters.add('bought')
}

const untold = async () =>
  (await pool.query<{ count: number }>(`select count(*)::int as count from mail_log where sent_at is null`)).rows[0]?.count ?? 0
const tries = async () =>
  (
    await pool.query<{ count: number }>(
      `select coalesce(sum(retry_count), 0)::int as count from pgboss.job where name = 'mail.order'`,
    )
  ).rows[0]?.count ?? 0

test('Q-11 mail, storage and Redis are down: people book and pay as ever, and the health check says what is missing', async () => {
  for (let turn = 0; turn < PURCHASES; turn += 1) await buy()
  await eventually(untold, (waiting) => waiting > 0, PATIENCE_MS)
  const { status, body } = await createCaller(server.url).get('/health/ready')
  expect([status, body.checks]).toEqual([200, { database: 'ok', jobs: 'ok', mail: 'ok', live: 'failed' }])
  counters.add('mails that could not leave', await untold())
})

test('Q-11 a mail server that accepts and says nothing holds nobody up', async () => {
  const mute = createServer((socket) => void socket.on('error', () => undefined)).listen(smtpPort, '127.0.0.1')
  try {
    await pool.query(`update pgboss.job set start_after = now() where state = 'retry'`)
    await sleep(500)
    for (let turn = 0; turn < PURCHASES; turn += 1) await buy()
    expect(quantile(waits_ms, 1)).toBeLessThan(PROMPT_MS)
  } finally {
    await server.stop()
    await new Promise((resolve) => mute.close(resolve))
  }
})

test('Q-11 when mail is back each order gets its mail, once', async () => {
  const arrived: string[] = []
  const office = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) => {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      stream.on('end', () => {
        arrived.push(/^Message-ID:\s*(\S+)/im.exec(text)?.[1] ?? '')
        done()
      })
    },
  })
  await new Promise<void>((resolve) => office.listen(smtpPort, '127.0.0.1', resolve))
  const failed = await tries()
  world.servers[0] = await world.launch({ SMTP_URL: `smtp://127.0.0.1:${smtpPort}`, MAIL_FROM: 'tickets@marquee.test' })
  await eventually(
    () => pool.query(`update pgboss.job set start_after = now() where state = 'retry'`).then(() => arrived.length),
    (count) => count >= PURCHASES * 2,
    PATIENCE_MS,
  )
  await eventually(untold, (waiting) => waiting === 0, PATIENCE_MS)
  await eventually(
    () => leftToDo(pool),
    (left) => left === 0,
    PATIENCE_MS,
  )
  console.log(
    `Q-11: ${describeCounts(counters.all())}, failed tries to send ${failed}, mails arrived ${arrived.length}, ` +
      `p50 ${quantile(waits_ms, 0.5)} ms, longest ${quantile(waits_ms, 1)} ms`,
  )
  expect(failed, 'failed tries').toBeGreaterThan(0)
  expect(new Set(arrived).size).toBe(PURCHASES * 2)
  expect(arrived).toHaveLength(PURCHASES * 2)
  await expectInvariants(world.db, { queueDrained: true })
  await new Promise<void>((resolve) => office.close(resolve))
})
