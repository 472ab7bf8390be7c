import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, afterEach, describe, expect, test } from 'vitest'

import { signWebhook } from '#modules/payments/providers/mock/signature.ts'
import { eventually } from '#testing/processes.ts'
import { compareBooks } from '../lib/books.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { leftToDo } from '../lib/work.ts'
import { openWorld } from './world.ts'

/** By then a webhook of an earlier test has arrived. */
const UNDER_WAY_MS = 1_000

/** Nobody sweeps here until the end: what happens, a webhook did. */
const world = await openWorld({ env: { JOBS: 'false' } })
const { db, pool, given, servers, someone, bank, secret } = world
afterAll(world.close)
const [one, two] = servers
const counters = createCounters()
afterEach(async () => {
  for (const [name, count] of Object.entries(await bank.struck())) counters.add(name, count)
  await bank.behave()
})

/** Somebody new who holds a seat and may pay for it at either process. */
const hold = async () => {
  const person = await someone()
  const { id: session_id, seat_ids } = await given.session({ seats: 2 })
  const { body } = await person(one).post('/api/v1/tickets', { session_id, seat_ids: seat_ids.slice(0, 1) })
  const order_id = body.order.id as number
  return {
    person,
    ticket_id: body.id as number,
    order_id,
    wish: { session_id, seat_ids: seat_ids.slice(0, 1) },
    pay: (card_token: string, server = one) => person(server).patch(`/api/v1/tickets/${body.id}/pay`, { card_token }),
    order: async () => (await person(two).get(`/api/v1/orders/${order_id}`)).body,
    ticket: async () => (await person(two).get(`/api/v1/tickets/${body.id}`)).body,
  }
}
type Held = Awaited<ReturnType<typeof hold>>
const untilPaid = (held: Held) => eventually(held.order, ({ status }) => status === 'paid')
const paymentOf = async ({ order_id }: Held) =>
  (await db.selectFrom('payments').selectAll().where('order_id', '=', order_id).execute())[0]
const chargesOf = async (held: Held) => {
  const { id } = (await paymentOf(held)) ?? {}
  return (await bank.journal()).filter(({ payment_id }) => payment_id === id)
}
const eventsOf = async (held: Held) => {
  const { id } = (await paymentOf(held)) ?? { id: 0 }
  const events = await db
    .selectFrom('webhook_events')
    .select('type')
    .where('payment_id', '=', id)
    .orderBy('received_at')
    .execute()
  return events.map(({ type }) => type)
}
/** What a thief of time would do: the deadline of an order and of its seats has passed. */
const passDeadline = async ({ order_id }: Held) => {
  await pool.query(
    `update orders set expires_at = now() - interval '1 second', created_at = created_at - interval '1 hour' where id = $1`,
    [order_id],
  )
  await pool.query(`update seat_claims set expires_at = now() - interval '1 second' where order_id = $1`, [order_id])
}

describe('Q-06: a webhook', () => {
  test('that arrives before the answer to our own call settles the order, and the answer changes nothing', async () => {
    const held = await hold()
    await bank.order({ kind: 'slow', operation: 'charge', count: 1, ms: 2_000 })
    let answered = false
    const paying = held.pay('tok_ok').finally(() => (answered = true))
    await untilPaid(held)
    expect(answered).toBe(false)
    expect(await paying).toMatchObject({ status: 200, body: { status: 'paid', payment: { status: 'success' } } })
    expect(await chargesOf(held)).toHaveLength(1)
    expect(await eventsOf(held)).toEqual(['payment.succeeded'])
  })

  test('about a declined card that arrives before our own answer leaves the buyer a declined card', async () => {
    const held = await hold()
    await bank.order({ kind: 'slow', operation: 'cancel', count: 1, ms: 1_500 })
    const { status, body } = await held.pay('tok_insufficient_funds')
    expect([status, body.code, body.recommendation]).toEqual([402, 'payments.insufficient_funds', 'try_another_method'])
    expect(await paymentOf(held)).toMatchObject({ status: 'failed', failure_code: 'insufficient_funds' })
    expect(await held.pay('tok_ok')).toMatchObject({ status: 200, body: { status: 'paid' } })
  })

  test('told three times, and in the wrong order, is one payment', async () => {
    const [shuffled, doubled] = [await hold(), await hold()]
    await shuffled.pay('tok_duplicate')
    await untilPaid(shuffled)
    await bank.order({ webhooks: 'duplicate', count: 1 })
    await doubled.pay('tok_ok', two)
    await eventually(
      () => eventsOf(shuffled),
      ({ length }) => length === 2,
    )
    await eventually(bank.struck, ({ duplicate = 0 }) => duplicate > 0)
    await eventually(
      () => eventsOf(doubled),
      ({ length }) => length === 1,
    )
    for (const held of [shuffled, doubled]) expect(await chargesOf(held)).toHaveLength(1)
    expect(await shuffled.order()).toMatchObject({ status: 'paid', payments: [{ status: 'success', refunded: 0 }] })
    counters.add('events told', 2)
  })

  test('that overtakes an earlier one changes nothing when the earlier one comes', async () => {
    await sleep(UNDER_WAY_MS)
    const held = await hold()
    await bank.order({ webhooks: 'reorder', count: 1, ms: 3_000 })
    await held.pay('tok_async')
    await untilPaid(held)
    await eventually(
      () => eventsOf(held),
      ({ length }) => length === 2,
    )
    expect(await eventsOf(held)).toEqual(['payment.succeeded', 'payment.processing'])
    expect(await held.order()).toMatchObject({ status: 'paid', payments: [{ status: 'success' }] })
  })

  test('that many send at once at both processes is one payment; forged, stale and altered ones are none', async () => {
    const held = await hold()
    await bank.order({ webhooks: 'drop', count: 2 })
    await bank.order({ kind: 'reset', operation: 'charge', count: 1 })
    expect(await held.pay('tok_ok')).toMatchObject({
      status: 200,
      body: { status: 'reserved', payment: { status: 'pending', next_action: 'wait' } },
    })
    await eventually(bank.struck, ({ drop = 0 }) => drop > 0)
    const { id: payment_id = 0 } = (await paymentOf(held)) ?? {}
    const data = { reference: 'pi_x', payment_id, amount_minor: 1, currency: 'USD', status: 'succeeded' }
    const body = JSON.stringify({ id: 'evt_many', type: 'payment.succeeded', created: 1, data })
    const post = (signature: string, raw = body, server = one) =>
      fetch(`${server?.url}/api/v1/payments/webhook`, {
        method: 'POST',
        body: raw,
        headers: { 'content-type': 'application/json', 'marquee-signature': signature },
      })
    const signature = signWebhook(secret, body, new Date())
    const bad = await Promise.all([
      post(''),
      post('t=1,v1=00'),
      post(signWebhook('another secret', body, new Date())),
      post(signWebhook(secret, body, new Date(Date.now() - 400_000))),
      post(signature, body.replace('succeeded', 'failed')),
      post(signature, `${body} `),
    ])
    expect(bad.map(({ status }) => status)).toEqual(bad.map(() => 400))
    expect((await held.order()).status).toBe('pending')
    const unknown = JSON.stringify({ ...JSON.parse(body), id: 'evt_unknown', data: { ...data, payment_id: 999_999 } })
    expect((await post(signWebhook(secret, unknown, new Date()), unknown)).status).toBe(503)
    const good = await Promise.all(Array.from({ length: 12 }, (_, index) => post(signature, body, index % 2 ? one : two)))
    expect(good.map(({ status }) => status)).toEqual(good.map(() => 200))
    expect(await held.order()).toMatchObject({ status: 'paid', total: 200, payments: [{ status: 'success', amount: 200 }] })
    expect(await eventsOf(held)).toEqual(['payment.succeeded'])
    counters.add('forged refused', bad.length)
  })
})

describe('Q-06: money that comes after the deadline, by webhook', () => {
  let [ours, free, lost] = [] as unknown as [Held, Held, Held]

  test('buys the seats that are still ours, or free again; lost ones are paid back', async () => {
    ;[ours, free, lost] = await Promise.all([hold(), hold(), hold()])
    await bank.order({ kind: 'reset', operation: 'charge', count: 3 })
    await bank.order({ webhooks: 'delay', count: 3, ms: 3_000 })
    for (const held of [ours, free, lost])
      expect(await held.pay('tok_ok')).toMatchObject({ body: { payment: { status: 'pending' } } })
    for (const held of [ours, free, lost]) await passDeadline(held)
    const rival = await someone()
    const taken = await rival(one).post('/api/v1/tickets', free.wish)
    expect(await rival(one).post(`/api/v1/tickets/${taken.body.id}/cancel`)).toMatchObject({ status: 200 })
    expect(await rival(two).post('/api/v1/tickets', lost.wish)).toMatchObject({ status: 201 })
    for (const held of [ours, free, lost]) expect(await held.order()).toMatchObject({ status: 'expired' })

    for (const held of [ours, free]) {
      await untilPaid(held)
      expect(await held.ticket()).toMatchObject({ status: 'paid', qr_code: expect.stringMatching(/^MQ1\./) })
    }
    await eventually(
      () => paymentOf(lost),
      (payment) => payment?.status === 'success',
    )
    expect(await lost.order()).toMatchObject({ status: 'expired', payments: [{ status: 'success', refunded: 200 }] })
    expect(await lost.ticket()).toMatchObject({ status: 'expired', qr_code: null })
    expect((await chargesOf(lost)).map(({ kind }) => kind)).toEqual(['charge'])
    counters.add('paid late', 2)
    counters.add('lost late', 1)
  })

  test('and is given back at the provider once a process works, with a mail; then both tell the same', async () => {
    servers.push(await world.launch({ JOBS: 'true' }))
    await eventually(
      () => paymentOf(lost),
      (payment) => payment?.status === 'refunded',
      20_000,
    )
    expect((await chargesOf(lost)).map(({ kind, amount_minor }) => [kind, amount_minor])).toEqual([
      ['charge', 20_000],
      ['refund', 20_000],
    ])
    await eventually(
      () => leftToDo(pool),
      (open) => open === 0,
      20_000,
    )
    const { rows } = await pool.query('select kind from mail_log where order_id = $1 and sent_at is not null', [lost.order_id])
    expect(rows).toEqual([{ kind: expect.stringMatching(/^money_returned/) }])
    await sleep(1_500)
    const { ours: here, theirs } = await compareBooks(pool, bank.journal)
    expect(theirs).toEqual(here)
    await expectInvariants(db, { queueDrained: true })
    console.log(`Q-06 webhooks: ${describeCounts(counters.all())}`)
    for (const name of ['slow', 'duplicate', 'reorder', 'delay', 'drop', 'reset'])
      expect([name, counters.get(name)]).toEqual([name, expect.toSatisfy((count: number) => count > 0)])
  })
})
