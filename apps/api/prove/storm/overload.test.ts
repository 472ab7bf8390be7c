import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { createCounters, describeCounts, quantile } from '../lib/counters.ts'
import { watchDeadlocks } from '../lib/deadlocks.ts'
import type { Reply } from '../lib/http.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { openCinema } from './cinema.ts'

const CONNECTIONS = 400
const POOL = 5
const TRIES = 30
/** Longer than a booking waits for a lock; a slow machine brings the first of them late, and then it goes on until one was sent away. */
const STANDSTILL_MS = 4_000
const LONGEST_STANDSTILL_MS = 12_000

test(`Q-14, R-227: ${CONNECTIONS} connections on a pool of ${POOL}: everybody is served, or told when to come back`, async () => {
  const cinema = await openCinema({ processes: 1, env: { DATABASE_POOL_SIZE: String(POOL), SWEEP_SECONDS: '1' } })
  const [people, deadlocks] = [await cinema.people(CONNECTIONS), await watchDeadlocks(cinema.pool)]
  const session = await cinema.given.session({ rows: 20, seats_per_row: 20 })
  const counters = createCounters()
  const unexpected: string[] = []
  const waits_ms: number[] = []

  const ask = async (who: number, method: string, path: string, body: object, headers = {}): Promise<Reply | undefined> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const reply = await cinema.call(who, people[who] ?? {}, method, path, body, headers)
      waits_ms.push(reply.ms)
      counters.add(String(reply.status))
      if (reply.status === 201) return reply
      const retryAfter = Number(reply.headers['retry-after'])
      if (reply.status !== 503 || !retryAfter) {
        unexpected.push(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
        return undefined
      }
      await sleep(retryAfter * 1000)
    }
    unexpected.push(`${method} ${path}: busy ${TRIES} times`)
    return undefined
  }

  const buy = async (who: number) => {
    const key = (what: string) => ({ 'idempotency-key': `${what}-${who}` })
    const held = await ask(who, 'POST', '/tickets', { session_id: session.id, seat_ids: [session.seat_ids[who]] }, key('hold'))
    const payment = { card_token: 'tok_ok', email: `buyer-${who}@marquee.test` }
    if (held) await ask(who, 'POST', `/orders/${held.body.order.id}/pay`, payment, key('pay'))
  }

  /** Somebody works on the session, and every booking of it waits. */
  const standstill = () =>
    cinema.db.transaction().execute(async (tx) => {
      await tx.selectFrom('sessions').select('id').where('id', '=', session.id).forUpdate().execute()
      const from = performance.now()
      await sleep(STANDSTILL_MS)
      while (counters.get('503') === 0 && performance.now() - from < LONGEST_STANDSTILL_MS) await sleep(100)
    })

  try {
    const started = performance.now()
    await Promise.all([standstill(), ...people.map((_person, who) => buy(who))])
    const paid = await cinema.db
      .selectFrom('tickets')
      .select('id')
      .where('session_id', '=', session.id)
      .where('status', '=', 'paid')
      .execute()
    const { rows } = await cinema.pool.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'marquee'`,
    )
    const count = rows[0]?.count ?? 0
    const died = await deadlocks()
    console.log(
      `Q-14 overload: ${CONNECTIONS} connections, ${count} to the database, ${paid.length} paid, ${died} deadlocks, ${((performance.now() - started) / 1000).toFixed(1)} s, ` +
        `p50 ${quantile(waits_ms, 0.5)} ms, p99 ${quantile(waits_ms, 0.99)} ms; ${describeCounts(counters.all())}`,
    )
    expect(unexpected.slice(0, 10)).toEqual([])
    expect(counters.get('503'), 'the overload').toBeGreaterThan(0)
    expect(count).toBeLessThanOrEqual(POOL)
    expect(paid).toHaveLength(CONNECTIONS)
    expect(died).toBe(0)
    expect(cinema.errors()).toEqual([])
    await expectInvariants(cinema.db)
  } finally {
    expect(await cinema.close()).toEqual([0])
  }
})
