import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, expect, test } from 'vitest'

import { type Answer, eventually, type Running } from '#testing/processes.ts'
import { compareBooks } from '../lib/books.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { leftToDo } from '../lib/work.ts'
import { openWorld } from './world.ts'

const SECONDS = Number(process.env['PROVE_CUT_SECONDS'] ?? 8)
const BUYERS = 12
const MOST_BETWEEN_MS = 250
const RECOVERY_MS = 1_000
const BUSY_TRIES = 60
const PATIENCE_MS = 60_000

const world = await openWorld({ servers: 1, env: { JOBS: 'true', DATABASE_POOL_SIZE: '8' } })
const { pool, given, bank } = world
const [server] = world.servers as [Running]
afterAll(world.close)
const counters = createCounters()
const unexpected: string[] = []

/** Any of the server's connections, whatever it is doing. */
const CUT = `
  select count(*) filter (where cut)::int as cut, count(*) filter (where cut and busy)::int as busy from (
    select state <> 'idle' as busy, pg_terminate_backend(pid) as cut from (
      select pid, state from pg_stat_activity
      where datname = current_database() and application_name = 'marquee' order by random() limit 2) as chosen) as done`

const cutUntil = async (deadline: number) => {
  while (performance.now() < deadline) {
    const { rows } = await pool.query<{ cut: number; busy: number }>(CUT)
    counters.add('connections cut', rows[0]?.cut ?? 0)
    counters.add('cut while at work', rows[0]?.busy ?? 0)
    await sleep(Math.random() * MOST_BETWEEN_MS)
  }
}

/** Whoever is told to come back comes back, with the same key. */
const insist = async (what: string, ask: () => Promise<Answer>): Promise<Answer> => {
  for (let tries = 0; tries < BUSY_TRIES; tries += 1) {
    const reply = await ask()
    counters.add(`${what} ${reply.status}`)
    if (reply.status === 201) return reply
    if (reply.status !== 503 || !reply.headers.get('retry-after'))
      unexpected.push(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`)
    await sleep(20)
  }
  throw new Error(`Busy ${BUSY_TRIES} times: ${what}`)
}

let bought = 0
const buy = async (): Promise<void> => {
  bought += 1
  const number = bought
  const person = (await world.someone())(server)
  const { id: session_id, seat_ids } = await given.session({ seats: 3 })
  const key = (what: string) => ({ 'idempotency-key': `${what}-cut-${number}` })
  const held = await insist('hold', () => person.post('/api/v1/tickets', { session_id, seat_ids }, key('hold')))
  const body = { card_token: 'tok_ok', email: 'cut@marquee.test' }
  await insist('pay', () => person.post(`/api/v1/orders/${held.body.order.id}/pay`, body, key('pay')))
}

const countOf = async (query: string) => (await pool.query<{ count: number }>(query)).rows[0]?.count ?? 0
const openPayments = () => countOf(`select count(*)::int as count from payments where status = 'pending'`)
const unfinishedJobs = async () => {
  await pool.query(`update pgboss.job set start_after = now() where state = 'retry'`)
  return leftToDo(pool)
}

test(
  `Q-10 ${SECONDS} s of connections cut under load: nothing is half done, nobody crashes, and a second later all is well`,
  async () => {
    await buy()
    const deadline = performance.now() + SECONDS * 1_000
    const crowd = Array.from({ length: BUYERS }, async () => {
      while (performance.now() < deadline) await buy()
    })
    await Promise.all([cutUntil(deadline), ...crowd])

    const started = performance.now()
    await buy()
    const recovery_ms = Math.round(performance.now() - started)
    await eventually(openPayments, (open) => open === 0, PATIENCE_MS)
    await eventually(unfinishedJobs, (open) => open === 0, PATIENCE_MS)
    console.log(`Q-10: ${SECONDS} s, ${bought} purchases, well again after ${recovery_ms} ms; ${describeCounts(counters.all())}`)
    expect(unexpected.slice(0, 10)).toEqual([])
    expect(counters.get('cut while at work'), 'cut while at work').toBeGreaterThan(0)
    expect(recovery_ms).toBeLessThan(RECOVERY_MS)
    expect(await countOf(`select count(*)::int as count from orders where status = 'paid'`)).toBe(bought)
    expect(process.kill(server.pid, 0)).toBe(true)
    const { ours, theirs } = await compareBooks(pool, bank.journal)
    expect(theirs).toEqual(ours)
    await expectInvariants(world.db, { queueDrained: true, sweeperRan: true })
  },
  SECONDS * 2_000 + 3 * PATIENCE_MS,
)
