import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, expect, test } from 'vitest'

import { type Answer, createCaller, eventually, type Running } from '#testing/processes.ts'
import { compareBooks } from '../lib/books.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { leftToDo } from '../lib/work.ts'
import { openWorld } from './world.ts'

const KILLS = Number(process.env['PROVE_KILLS'] ?? 12)
const BUYERS = 4
const PATIENCE_MS = 60_000
const AGAIN_MS = 50
const STAGES = ['reserve', 'pay', 'webhook', 'ticket', 'mail'] as const
type Stage = (typeof STAGES)[number]

/** One process does everything, so that its death is the death of everything: requests, webhooks, jobs and sweeps. */
const world = await openWorld({ servers: 1, env: { JOBS: 'true' } })
const { pool, given, servers, bank } = world
afterAll(world.close)
const counters = createCounters()
const url = servers[0]?.url ?? ''
let victim = servers[0] as Running
const chance = (most_ms: number) => sleep(Math.random() * most_ms)
const countOf = async (query: string) => (await pool.query<{ count: number }>(query)).rows[0]?.count ?? 0
const hurry = () => pool.query(`update pgboss.job set start_after = now() where state = 'retry'`)

type Buyer = { doing: 'reserve' | 'pay' | 'wait' | 'nothing' }

/** Asks, under the same key, until somebody answers; whoever was cut off is counted by what they were doing. */
const insist = async (buyer: Buyer, doing: Buyer['doing'], ask: () => Promise<Answer>): Promise<Answer> => {
  buyer.doing = doing
  const deadline = Date.now() + PATIENCE_MS
  for (let isFirst = true; Date.now() < deadline; isFirst = false) {
    const reply = await ask().catch(() => undefined)
    if (reply && reply.status !== 503) return reply
    if (!reply && isFirst) counters.add(`cut off in ${doing}`)
    await sleep(AGAIN_MS)
  }
  throw new Error(`Nobody answers: ${doing}`)
}

/** A whole purchase, whatever happens to the server meanwhile. */
const buy = async (buyer: Buyer, number: number): Promise<void> => {
  const person = (await world.someone())({ url } as Running)
  const { id: session_id, seat_ids } = await given.session({ seats: 2 })
  const key = (what: string) => ({ 'idempotency-key': `${what}-${number}` })
  const wish = { session_id, seat_ids: seat_ids.slice(0, 1 + (number % 2)) }
  const held = await insist(buyer, 'reserve', () => person.post('/api/v1/tickets', wish, key('hold')))
  expect([held.status, held.body.code]).toEqual([201, undefined])
  const order_id: number = held.body.order.id
  const paid = await insist(buyer, 'pay', () =>
    person.post(`/api/v1/orders/${order_id}/pay`, { card_token: 'tok_ok' }, key('pay')),
  )
  expect([paid.status, paid.body.code]).toEqual([201, undefined])
  buyer.doing = 'wait'
  const order = () => insist(buyer, 'wait', () => person.get(`/api/v1/orders/${order_id}`))
  const { body } = await eventually(order, ({ body: { status } }) => status === 'paid', PATIENCE_MS)
  expect(body.tickets.map(({ status }: { status: string }) => status)).toEqual(wish.seat_ids.map(() => 'paid'))
  buyer.doing = 'nothing'
  counters.add('orders paid')
}

/** Returns when the crowd is where this kill is meant for. */
const arrive = async (stage: Stage, buyers: Buyer[]) => {
  const until = async (isThere: () => Promise<boolean> | boolean) => {
    const deadline = Date.now() + PATIENCE_MS
    while (!(await isThere())) {
      if (Date.now() > deadline) throw new Error(`The crowd never came to ${stage}.`)
      await sleep(1)
    }
  }
  const before = (await bank.journal()).length
  if (stage === 'reserve') await until(() => buyers.some(({ doing }) => doing === 'reserve')).then(() => chance(12))
  if (stage === 'pay') await until(async () => ((await bank.struck())['slow'] ?? 0) > 0)
  if (stage === 'webhook') await until(async () => ((await bank.struck())['reset'] ?? 0) > 0).then(() => chance(20))
  if (stage === 'ticket') await until(async () => (await bank.journal()).length > before).then(() => chance(8))
  if (stage === 'mail') await until(() => buyers.some(({ doing }) => doing === 'nothing')).then(() => chance(100))
}

const FAULTS: Partial<Record<Stage, string>> = { pay: 'slow', webhook: 'reset' }

const strike = async (kill: number) => {
  const stage = STAGES[kill % STAGES.length] as Stage
  const fault = FAULTS[stage]
  await bank.behave()
  if (fault) await bank.order({ kind: fault, operation: 'charge', count: BUYERS, ms: 5_000 })
  const crowd: Buyer[] = Array.from({ length: BUYERS }, () => ({ doing: 'nothing' }))
  const purchases = Promise.all(crowd.map((buyer, index) => buy(buyer, kill * BUYERS + index)))
  await arrive(stage, crowd)
  await victim.kill()
  counters.add(`killed in ${stage}`)
  counters.add('payments cut off', await countOf(`select count(*)::int as count from payments where status = 'pending'`))
  const mails = `select count(*)::int as count from pgboss.job where name = 'mail.order' and state < 'completed'`
  counters.add('mails cut off', await countOf(mails))
  await bank.behave()
  victim = await world.launch({ PORT: new URL(url).port })
  await purchases
}

test(
  `Q-02 ${KILLS} times kill -9 anywhere in reserve, pay, webhook, ticket and mail: each order is paid once and mailed once`,
  async () => {
    for (let kill = 0; kill < KILLS; kill += 1) await strike(kill)
    await eventually(
      () => hurry().then(() => leftToDo(pool)),
      (open) => open === 0,
      PATIENCE_MS,
    )
    console.log(`Q-02: ${KILLS} kills, ${describeCounts(counters.all())}`)
    const paid = await countOf(`select count(*)::int as count from orders where status = 'paid'`)
    expect(paid).toBe(KILLS * BUYERS)
    const charges = (await bank.journal()).filter(({ kind }) => kind === 'charge')
    expect(charges).toHaveLength(paid)
    const { ours, theirs } = await compareBooks(pool, bank.journal)
    expect(theirs).toEqual(ours)
    expect(await countOf(`select count(*)::int as count from mail_log where kind = 'order_paid' and sent_at is not null`)).toBe(
      paid,
    )
    await expectInvariants(world.db, { queueDrained: true, sweeperRan: true })
    for (const seen of ['cut off in reserve', 'cut off in pay', 'payments cut off', 'mails cut off'])
      expect([seen, counters.get(seen)]).toEqual([seen, expect.toSatisfy((count: number) => count > 0)])
    expect((await createCaller(url).get('/health/ready')).status).toBe(200)
    await victim.stop()
  },
  KILLS * 15_000 + PATIENCE_MS,
)
