import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, describe, expect, test } from 'vitest'

import { type Answer, eventually, type Running } from '#testing/processes.ts'
import { compareBooks } from '../lib/books.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { leftToDo } from '../lib/work.ts'
import { openWorld } from './world.ts'

const GATE = 200
const PAYMENTS = Number(process.env['PROVE_PAYMENTS'] ?? GATE)
/** Faults and patience grow with the payments. */
const SCALE = Math.max(1, Math.round(PAYMENTS / GATE))
const AT_ONCE = 20
const CALL_FAULTS = ['timeout_before', 'timeout_after', 'error_500', 'rate_limit_429', 'reset', 'slow']
const WEBHOOK_FAULTS = ['drop', 'duplicate', 'delay', 'reorder']

const world = await openWorld()
const { db, pool, given, servers, someone, bank } = world
afterAll(world.close)
const counters = createCounters()

type Row = Record<string, number>
const ask = async (text: string, values: unknown[] = []) => (await pool.query<Row>(text, values)).rows
const openPayments = async () => (await ask(`select count(*) as count from payments where status = 'pending'`))[0]?.['count'] ?? 0
/** Retries and the minute that a payment may need to arrive are waited for by nobody here. */
const hurry = async () => {
  await pool.query(`update pgboss.job set start_after = now() where state = 'retry'`)
  await pool.query(
    `update payments set created_at = created_at - interval '61 seconds' where status = 'pending' and created_at > now() - interval '1 minute'`,
  )
}

/** An answer, or nothing when the connection broke. */
const reach = (call: Promise<Answer>): Promise<Answer | undefined> => call.catch(() => undefined)

const hold = async (server: Running | undefined, seats = 1) => {
  const person = await someone()
  const { id: session_id, seat_ids } = await given.session({ seats: seats + 1 })
  const { status, body } = await person(server).post('/api/v1/tickets', { session_id, seat_ids: seat_ids.slice(0, seats) })
  expect(status).toBe(201)
  return { person, ticket_id: body.id as number, order_id: body.order.id as number }
}

const CARDS = [
  'tok_ok',
  'tok_ok',
  'tok_ok',
  'tok_async',
  'tok_ok',
  'tok_insufficient_funds',
  'tok_ok',
  'tok_wrong_amount',
  'tok_duplicate',
  'tok_lost',
  'tok_ok',
  'tok_ok',
]

/** One buyer: pays at one process, and when the outcome is open half of them ask again, under the same key, at the other. */
const buy = async (number: number) => {
  const [here, there] = number % 2 ? servers : servers.toReversed()
  const { person, ticket_id, order_id } = await hold(here)
  const card_token = CARDS[number % CARDS.length]
  const pay = (server: Running | undefined) =>
    reach(person(server).patch(`/api/v1/tickets/${ticket_id}/pay`, { card_token }, { 'idempotency-key': `chaos-${number}` }))
  const first = await pay(here)
  counters.add(`answered ${first?.status} ${first?.body.payment?.status ?? first?.body.code}`)
  if (first?.body.payment?.status === 'pending') {
    counters.add('unknown outcomes')
    if (number % 4 < 2) {
      counters.add('asked again with the key')
      const again = await pay(there)
      expect([200, 402, 503]).toContain(again?.status)
    }
  }
  return { number, card_token, order_id }
}

describe(`Q-07: ${PAYMENTS} payments at a provider that fails in every way`, () => {
  test(
    'end as the provider says, charged at most once, within two minutes',
    async () => {
      for (const kind of CALL_FAULTS) await bank.order({ kind, operation: 'charge', count: 7 * SCALE, ms: 400 })
      for (const kind of CALL_FAULTS) await bank.order({ kind, operation: 'find', count: 2 * SCALE, ms: 400 })
      for (const kind of ['timeout_after', 'error_500', 'reset'])
        await bank.order({ kind, operation: 'refund', count: 2 * SCALE, ms: 400 })
      for (const webhooks of WEBHOOK_FAULTS) await bank.order({ webhooks, count: 10 * SCALE, ms: 700 })
      const bought: Awaited<ReturnType<typeof buy>>[] = []
      for (let from = 0; from < PAYMENTS; from += AT_ONCE)
        bought.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => buy(from + index)))))
      const started = Date.now()
      await eventually(
        () => hurry().then(openPayments),
        (open) => open === 0,
        60_000 * SCALE,
      )
      await eventually(
        () => hurry().then(() => leftToDo(pool)),
        (open) => open === 0,
        60_000 * SCALE,
      )
      counters.add('seconds until all was known', Math.round((Date.now() - started) / 1000))

      const endings = await ask(`
      select o.id, count(*) filter (where p.status = 'success') as kept, count(p.captured_at) as captured, (o.status = 'paid')::int as paid,
        coalesce(sum(p.amount_minor) filter (where p.captured_at is not null), 0)
          - coalesce(sum((select sum(r.amount_minor) from refunds r where r.payment_id = p.id and r.status = 'success')), 0) as money
      from orders o join payments p on p.order_id = o.id group by o.id`)
      expect(endings).toHaveLength(PAYMENTS)
      const cardOf = new Map(bought.map(({ order_id, card_token }) => [order_id, card_token]))
      const wrong = endings.filter(({ id = 0, kept, captured = 0, paid, money }) => {
        const good = !['tok_insufficient_funds', 'tok_wrong_amount'].includes(cardOf.get(id) ?? '')
        return captured > 1 || kept !== paid || money !== (paid ? 20_000 : 0) || (paid === 1 && !good)
      })
      expect(wrong).toEqual([])
      counters.add('orders paid', endings.filter(({ paid }) => paid).length)
      counters.add('charged and given back', endings.filter(({ captured, paid }) => captured && !paid).length)
      expect(counters.get('orders paid')).toBeGreaterThan(PAYMENTS / 2)
    },
    180_000 * SCALE,
  )

  test('and every fault really struck; the provider’s journal is our books; the invariants hold', async () => {
    const struck = await bank.struck()
    console.log(`Q-07: payments ${PAYMENTS}, ${describeCounts(counters.all())}; struck: ${describeCounts(struck)}`)
    for (const name of [...CALL_FAULTS, ...WEBHOOK_FAULTS])
      expect([name, struck[name]]).toEqual([name, expect.toSatisfy((count: number) => count > 0)])
    expect(counters.get('unknown outcomes')).toBeGreaterThan(10)
    expect(counters.get('asked again with the key')).toBeGreaterThan(0)
    const charges = (await bank.journal()).filter(({ kind }) => kind === 'charge')
    expect(new Set(charges.map(({ payment_id }) => payment_id)).size).toBe(charges.length)
    const { ours, theirs } = await compareBooks(pool, bank.journal)
    expect(theirs).toEqual(ours)
    await expectInvariants(db, { queueDrained: true, sweeperRan: true })
    await bank.behave()
  })
})

test('Q-07: a provider that hangs holds nobody up longer than its time-out, and the rest goes on', async () => {
  await bank.order({ kind: 'timeout_after', operation: 'charge', count: 1, ms: 30_000 })
  const hanging = await hold(servers[0])
  const started = performance.now()
  const pay = (held: typeof hanging) =>
    held.person(servers[0]).patch(`/api/v1/tickets/${held.ticket_id}/pay`, { card_token: 'tok_ok' })
  const stuck = pay(hanging)
  await eventually(bank.struck, ({ timeout_after = 0 }) => timeout_after === 1)
  const other = await hold(servers[0])
  expect(await pay(other)).toMatchObject({ status: 200, body: { status: 'paid' } })
  expect(performance.now() - started).toBeLessThan(8_000)
  expect((await stuck).status).toBe(200)
  expect(performance.now() - started).toBeLessThan(13_000)
  const order = async () => (await hanging.person(servers[1]).get(`/api/v1/orders/${hanging.order_id}`)).body
  expect(await eventually(order, ({ status }) => status === 'paid', 15_000)).toMatchObject({ payments: [{ status: 'success' }] })
})

describe('Q-02: the process is killed between the provider’s effect and our books', () => {
  const killDuring = async (fault: string, operation: string) => {
    const victim = await world.launch({ JOBS: 'false' })
    const held = await hold(victim, 2)
    await bank.behave()
    await bank.order({ webhooks: 'drop', count: 9 })
    await bank.order({ kind: fault, operation, count: 1, ms: 8_000 })
    const key = { 'idempotency-key': `killed-${operation}-${fault}` }
    const pay = (server: Running | undefined) =>
      held.person(server).post(`/api/v1/orders/${held.order_id}/pay`, { card_token: 'tok_ok', amount: 400 }, key)
    const dying = reach(pay(victim))
    await eventually(bank.struck, (struck) => (struck[fault] ?? 0) > 0)
    const [{ id: payment_id = 0 } = {}] = await ask('select id from payments where order_id = $1', [held.order_id])
    const charges = async () => (await bank.journal()).filter((line) => line.payment_id === payment_id)
    if (fault === 'slow') await eventually(charges, ({ length }) => length === 1)
    await victim.kill()
    expect(await dying).toBeUndefined()
    counters.add('killed')
    return { held, pay, payment_id, charges }
  }

  test('the completer of another process finds the money: tickets, one charge, and the key answers with the payment', async () => {
    const { held, pay, payment_id, charges } = await killDuring('slow', 'charge')
    expect(await ask(`select id from payments where id = $1 and status = 'pending'`, [payment_id])).toHaveLength(1)
    const order = async () => (await held.person(servers[0]).get(`/api/v1/orders/${held.order_id}`)).body
    expect(await eventually(order, ({ status }) => status === 'paid', 15_000)).toMatchObject({
      tickets: [{ status: 'paid' }, { status: 'paid' }],
    })
    expect(await charges()).toHaveLength(1)
    for (const server of servers)
      expect(await pay(server)).toMatchObject({
        status: 201,
        body: { id: payment_id, status: 'success', order: { status: 'paid' } },
      })
    expect(await charges()).toHaveLength(1)
  })

  test('the buyer who asks again with the key gets the tickets at once, and is charged once', async () => {
    const { held, pay, payment_id, charges } = await killDuring('slow', 'charge')
    expect(await pay(servers[1])).toMatchObject({
      status: 201,
      body: { id: payment_id, status: 'success', order: { status: 'paid' } },
    })
    expect(await charges()).toHaveLength(1)
    expect((await held.person(servers[1]).get(`/api/v1/tickets/${held.ticket_id}`)).body).toMatchObject({
      status: 'paid',
      qr_code: expect.any(String),
    })
  })

  test('killed before the provider heard of it, the key takes the payment up again', async () => {
    const { pay, payment_id, charges } = await killDuring('timeout_before', 'charge')
    expect(await charges()).toHaveLength(0)
    expect(await pay(servers[0])).toMatchObject({ status: 201, body: { id: payment_id, status: 'success' } })
    expect(await charges()).toHaveLength(1)
  })

  test('in the end both tell the same, each order has its mail, and the invariants hold', async () => {
    await bank.behave()
    await eventually(
      () => hurry().then(() => leftToDo(pool)),
      (open) => open === 0,
      30_000,
    )
    await sleep(100)
    const { ours, theirs } = await compareBooks(pool, bank.journal)
    expect(theirs).toEqual(ours)
    await expectInvariants(db, { queueDrained: true, sweeperRan: true })
    expect(counters.get('killed')).toBe(3)
  })
})
