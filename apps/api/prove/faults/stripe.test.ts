import { afterAll, describe, expect, test } from 'vitest'

import { eventually, type Running } from '#testing/processes.ts'
import { compareBooks } from '../lib/books.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { leftToDo } from '../lib/work.ts'
import { openWorld } from './world.ts'

/** The gate takes a few; `STRIPE_PAYMENTS=10000 npm run prove -- prove/faults/stripe` is the full size. */
const PAYMENTS = Number(process.env['STRIPE_PAYMENTS'] ?? 60)
const AT_ONCE = 15
const CALL_FAULTS = ['timeout_before', 'timeout_after', 'error_500', 'rate_limit_429', 'reset', 'slow']
const WEBHOOK_FAULTS = ['drop', 'duplicate', 'delay', 'reorder']
const CARDS = [
  'pm_card_visa',
  'pm_card_mastercard',
  'in the browser',
  'pm_usBankAccount_success',
  'pm_card_visa_chargeDeclinedInsufficientFunds',
  'pm_card_visa',
  'declined in the browser first',
  'pm_card_pendingRefund',
]
const DECLINED = 'pm_card_visa_chargeDeclinedInsufficientFunds'

const world = await openWorld({ provider: 'stripe' })
const { db, pool, given, servers, someone, bank } = world
afterAll(world.close)
const counters = createCounters()

const ask = async (text: string, values: unknown[] = []) => (await pool.query<Record<string, number>>(text, values)).rows
const countOf = async (text: string) => (await ask(`select count(*) as count from ${text}`))[0]?.['count'] ?? 0
const hurry = () => pool.query(`update pgboss.job set start_after = now() where state = 'retry'`)

const buy = async (number: number) => {
  const [here, there] = number % 2 ? servers : servers.toReversed()
  const person = await someone()
  const { id: session_id, seat_ids } = await given.session({ seats: 1 })
  const held = await person(here).post('/api/v1/tickets', { session_id, seat_ids })
  const order_id = held.body.order.id as number
  const card = CARDS[number % CARDS.length] ?? ''
  const inBrowser = card.includes('browser')
  const pay = (server: Running | undefined) =>
    person(server)
      .post(`/api/v1/orders/${order_id}/pay`, inBrowser ? {} : { card_token: card }, { 'idempotency-key': `stripe-${number}` })
      .catch(() => undefined)
  const first = await pay(here)
  counters.add(`answered ${first?.status} ${first?.body.status ?? first?.body.code}`)
  if (first?.body.status === 'pending') {
    counters.add('unknown or open')
    if (number % 4 < 2) await pay(there)
  }
  if (inBrowser) await payInBrowser(person(there), order_id, card)
  return { order_id, card, cancel: () => person(here).post(`/api/v1/orders/${order_id}/cancel`) }
}

/** Whoever has the secret of the payment pays it at Stripe, where nobody of us is told but by webhook. */
const payInBrowser = async (person: ReturnType<Awaited<ReturnType<typeof someone>>>, order_id: number, card: string) => {
  const { payments } = await eventually(
    async () => (await person.get(`/api/v1/orders/${order_id}`)).body,
    (order) => order.payments[0]?.client_secret !== null,
    20_000,
  )
  const reference = String(payments[0].client_secret).split('_secret_')[0] ?? ''
  if (card.startsWith('declined')) expect(await bank.payInBrowser(reference, DECLINED)).toEqual({ paid: false })
  expect(await bank.payInBrowser(reference, 'pm_card_visa')).toEqual({ paid: true })
  counters.add('paid in the browser')
}

describe(`Q-06, Q-07: ${PAYMENTS} payments at a Stripe that fails in every way`, () => {
  test('end as Stripe says, charged at most once, and some of them go back', async () => {
    for (const kind of CALL_FAULTS)
      for (const operation of ['charge', 'confirm', 'find', 'refund'])
        await bank.order({ kind, operation, count: kind === 'reset' ? 2 : 1, ms: 300 })
    for (const webhooks of WEBHOOK_FAULTS) await bank.order({ webhooks, count: 8, ms: 500 })
    const bought: Awaited<ReturnType<typeof buy>>[] = []
    for (let from = 0; from < PAYMENTS; from += AT_ONCE)
      bought.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, PAYMENTS - from) }, (_, at) => buy(from + at)))))
    // A card that was presented by us and whose answer was lost may have been declined: then the intent waits for the buyer.
    await eventually(
      () => countOf(`payments where status = 'pending' and client_secret is null`),
      (open) => open === 0,
      60_000,
    )
    const paid = await ask(`select id from orders where status = 'paid'`)
    counters.add('orders paid', paid.length)
    for (const { order_id, cancel } of bought.filter((_, at) => at % 3 === 0)) {
      if (!paid.some(({ id }) => id === order_id)) continue
      counters.add('canceled')
      expect((await cancel()).status).toBe(200)
    }
    await eventually(
      () => hurry().then(() => countOf(`refunds where status = 'pending'`)),
      (open) => open === 0,
      60_000,
    )
    const cardOf = new Map(bought.map(({ order_id, card }) => [order_id, card]))
    const endings = await ask(
      `select o.id, (o.paid_at is not null)::int as was_paid, (select count(*) from payments p where p.order_id = o.id and p.captured_at is not null) as captured from orders o`,
    )
    const wrong = endings.filter(({ id = 0, was_paid = 0, captured = 0 }) => {
      const declines = cardOf.get(id) === DECLINED
      return captured > 1 || was_paid !== captured || (declines && captured > 0)
    })
    expect(wrong).toEqual([])
    expect(counters.get('orders paid')).toBeGreaterThan(PAYMENTS / 2)
  })

  test('and every fault struck; Stripe’s journal is our books; the invariants hold', async () => {
    const struck = await bank.struck()
    console.log(`Q-06, Q-07 Stripe: payments ${PAYMENTS}, ${describeCounts(counters.all())}; struck: ${describeCounts(struck)}`)
    for (const name of [...CALL_FAULTS, ...WEBHOOK_FAULTS])
      expect([name, struck[name]]).toEqual([name, expect.toSatisfy((count: number) => count > 0)])
    for (const name of ['unknown or open', 'paid in the browser', 'canceled']) expect(counters.get(name)).toBeGreaterThan(2)
    await bank.behave()
    await eventually(
      () => hurry().then(() => leftToDo(pool)),
      (open) => open === 0,
      60_000,
    )
    const charges = (await bank.journal()).filter(({ kind }) => kind === 'charge')
    expect(new Set(charges.map(({ payment_id }) => payment_id)).size).toBe(charges.length)
    const { ours, theirs } = await compareBooks(pool, bank.journal)
    expect(theirs).toEqual(ours)
    expect(await countOf('payment_alarms where resolved_at is null')).toBe(0)
    await expectInvariants(db, { queueDrained: true, sweeperRan: true })
  })
})
