import { afterAll, expect, test, vi } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { createLocalStripe } from '#testing/stripe/server.ts'
import { signFor } from '#testing/stripe/webhooks.ts'

const SECRET = 'whsec_of_the_local_stripe'
const KEY = 'sk_test_of_the_local_stripe'
const local = createLocalStripe({ secretKey: KEY, webhookSecrets: [], async_ms: 300 })
const apiUrl = await local.app.listen({ host: '127.0.0.1', port: 0 })
afterAll(local.close)

const { anonymous, as, checkout, clock, db, given, pool, someone } = await startTestApp({
  config: {
    PAYMENT_PROVIDER: 'stripe',
    STRIPE_SECRET_KEY: KEY,
    STRIPE_PUBLISHABLE_KEY: 'pk_test_for_browsers',
    STRIPE_WEBHOOK_SECRETS: [SECRET],
    STRIPE_API_URL: apiUrl,
  },
})

const hold = async (person: Client) => {
  const session = await given.session({ seats: 1 })
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  const id = body.order.id as number
  return {
    id,
    pay: (fields: object = {}) => person.post(`/api/v1/orders/${id}/pay`, fields),
    read: async () => (await person.get(`/api/v1/orders/${id}`)).body,
    cancel: () => person.post(`/api/v1/orders/${id}/cancel`),
    payments: () => db.selectFrom('payments').selectAll().where('order_id', '=', id).orderBy('id').execute(),
  }
}
const tell = (body: string) => {
  const signature = signFor(body, [SECRET], Math.floor(clock.now().getTime() / 1000))
  return anonymous.post('/api/v1/payments/webhook', body, { 'content-type': 'application/json', 'stripe-signature': signature })
}
/** Hands over everything that Stripe has told since the last time, signed. */
let heard = 0
const deliver = async () => {
  const news = local.told.slice(heard)
  heard = local.told.length
  const statuses: number[] = []
  for (const { body } of news) statuses.push((await tell(body)).status)
  return statuses
}
const refundsOf = async (order_id: number) =>
  (await pool.query('select r.* from refunds r join payments p on p.id = r.payment_id where p.order_id = $1', [order_id]))
    .rows as {
    id: number
    status: string
    provider_reference: string | null
  }[]
const alarmsOf = async (order_id: number) =>
  (
    await pool.query(
      'select a.kind, a.detail from payment_alarms a join payments p on p.id = a.payment_id where p.order_id = $1',
      [order_id],
    )
  ).rows

test('R-311: the web is told the key for its form, and each payment the secret that opens it', async () => {
  expect((await anonymous.get('/api/v1/payments/provider')).body).toEqual({
    provider: 'stripe',
    publishable_key: 'pk_test_for_browsers',
  })
  const order = await hold(await someone())
  expect(await order.pay()).toMatchObject({
    status: 201,
    body: { status: 'pending', next_action: 'confirm', client_secret: expect.stringMatching(/^pi_\w+_secret_/), amount: 200 },
  })
})

test('a buyer who pays in the browser has the tickets when the webhook comes; a declined card first changes nothing', async () => {
  const order = await hold(await someone())
  const { body } = await order.pay()
  const [payment] = await order.payments()
  const reference = payment?.provider_reference ?? ''
  expect(local.bank.payInBrowser(reference, 'pm_card_visa_chargeDeclinedInsufficientFunds')).toBe(false)
  expect(await deliver()).toEqual(expect.arrayContaining([200]))
  expect(await order.read()).toMatchObject({ status: 'pending', payments: [{ status: 'pending', next_action: 'confirm' }] })
  expect((await order.pay()).body).toMatchObject({ id: body.id, client_secret: body.client_secret })
  expect(local.bank.payInBrowser(reference, 'pm_card_visa')).toBe(true)
  expect(new Set(await deliver())).toEqual(new Set([200]))
  expect(await order.read()).toMatchObject({
    status: 'paid',
    payments: [{ status: 'success' }],
    tickets: [{ qr_code: expect.any(String) }],
  })
  expect(local.bank.journal.filter(({ payment_id }) => payment_id === body.id)).toHaveLength(1)
})

test('a lost webhook is made up for by asking, and an open intent is canceled at Stripe when the hold ends', async () => {
  const [told, left] = [await hold(await someone()), await hold(await someone())]
  for (const order of [told, left]) await order.pay()
  local.bank.payInBrowser((await told.payments())[0]?.provider_reference ?? '', 'pm_card_visa')
  heard = local.told.length
  clock.advance(60)
  await checkout.sweep.complete()
  expect(await told.read()).toMatchObject({ status: 'paid' })
  clock.advance(2_000)
  await checkout.sweep.reap()
  await checkout.sweep.expire()
  expect(await left.read()).toMatchObject({ status: 'expired', payments: [{ status: 'canceled' }] })
  expect(local.bank.get((await left.payments())[0]?.provider_reference ?? '').status).toBe('canceled')
  clock.reset()
})

test('R-115: a card that we present ourselves and that is declined says so, and the order can be paid with another', async () => {
  const order = await hold(await someone())
  expect(await order.pay({ card_token: 'pm_card_visa_chargeDeclinedInsufficientFunds' })).toMatchObject({
    status: 402,
    body: { code: 'payments.insufficient_funds', recommendation: 'try_another_method' },
  })
  expect(await order.pay({ card_token: 'pm_unknown' })).toMatchObject({
    status: 402,
    body: { code: 'payments.invalid_card_token' },
  })
  expect(await order.pay({ card_token: 'pm_card_visa' })).toMatchObject({ status: 201, body: { status: 'success' } })
  expect((await order.payments()).map(({ status }) => status)).toEqual(['failed', 'failed', 'success'])
})

test('a refund that the bank thinks about ends when its webhook comes; one that fails calls a person, and may be tried anew', async () => {
  const [slow, bad] = [await hold(await someone()), await hold(await someone())]
  for (const [order, card_token] of [
    [slow, 'pm_card_pendingRefund'],
    [bad, 'pm_card_refundFail'],
  ] as const) {
    await order.pay({ card_token })
    await order.cancel()
    heard = local.told.length
    for (const { id } of await refundsOf(order.id)) await checkout.refund({ refund_id: id })
    expect(await refundsOf(order.id)).toMatchObject([{ status: 'pending', provider_reference: expect.stringMatching(/^re_/) }])
    await vi.waitUntil(() =>
      local.told.slice(heard).some(({ event }) => event.type === 'refund.updated' || event.type === 'refund.failed'),
    )
    await deliver()
  }
  expect(await refundsOf(slow.id)).toMatchObject([{ status: 'success' }])
  expect(await slow.payments()).toMatchObject([{ status: 'refunded' }])
  expect(await refundsOf(bad.id)).toMatchObject([
    { status: 'failed', failure_code: 'expired_or_canceled_card', provider_reference: null },
  ])
  expect(await alarmsOf(bad.id)).toMatchObject([{ kind: 'refund_refused' }])
})

test('a refund that arrived and that the bank sends back later calls a person, once', async () => {
  const order = await hold(await someone())
  await order.pay({ card_token: 'pm_card_visa' })
  await order.cancel()
  for (const { id } of await refundsOf(order.id)) await checkout.refund({ refund_id: id })
  await deliver()
  const [refund] = await refundsOf(order.id)
  expect([refund?.status, await alarmsOf(order.id)]).toEqual(['success', []])
  local.bank.bounce(refund?.provider_reference ?? '')
  await vi.waitUntil(() => local.told.slice(heard).some(({ event }) => event.type === 'refund.failed'))
  expect(await deliver()).toEqual([200])
  expect(await alarmsOf(order.id)).toMatchObject([
    {
      kind: 'refund_returned',
      detail: { amount_minor: 20_000, refunds: [{ refund_id: refund?.id, amount_minor: 20_000, code: 'lost_or_stolen_card' }] },
    },
  ])
})

test('money that an exchange took on goes back as its webhook says, though another order has paid it', async () => {
  const person = await someone()
  const session = await given.session({ seats: 4 })
  const wish = { session_id: session.id, seat_ids: session.seat_ids.slice(0, 1) }
  const { body } = await person.post('/api/v1/tickets', wish)
  await person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'pm_card_pendingRefund' })
  const made = await person.post(`/api/v1/orders/${body.order.id}/exchanges`, {
    session_id: session.id,
    tickets: [{ ticket_id: body.id, seat_id: session.seat_ids[2] }],
  })
  expect(made).toMatchObject({ status: 201, body: { done: true } })
  await person.post(`/api/v1/orders/${made.body.order.id}/cancel`)
  await deliver()
  for (const { id } of await refundsOf(made.body.order.id)) await checkout.refund({ refund_id: id })
  expect(await refundsOf(made.body.order.id)).toMatchObject([{ status: 'pending' }])
  await vi.waitUntil(() => local.told.slice(heard).some(({ event }) => event.type === 'refund.updated'))
  await deliver()
  expect(await refundsOf(made.body.order.id)).toMatchObject([{ status: 'success' }])
})

test('a card is declined while the buyer gives their bank account in the browser: the payment is under way, and not a failed one', async () => {
  const order = await hold(await someone())
  await order.pay()
  const reference = (await order.payments())[0]?.provider_reference ?? ''
  const cancel = vi.spyOn(local.bank, 'cancel').mockImplementationOnce((id) => {
    cancel.mockRestore()
    local.bank.get(id).status = 'processing'
    return local.bank.cancel(id)
  })
  const { status, body } = await order.pay({ card_token: 'pm_card_visa_chargeDeclined' })
  expect({ status, body }).toMatchObject({ status: 201, body: { status: 'pending' } })
  expect(await order.cancel()).toMatchObject({ status: 409, body: { code: 'orders.payment_in_progress' } })
  local.bank.authenticate(reference)
  await deliver()
  expect(await order.read()).toMatchObject({ status: 'paid', payments: [{ status: 'success' }] })
})

test('a dispute and a refund made in Stripe’s dashboard are told to a person, each once', async () => {
  const order = await hold(await someone())
  await order.pay({ card_token: 'pm_card_visa' })
  const reference = (await order.payments())[0]?.provider_reference ?? ''
  await deliver()
  local.bank.dispute(reference)
  const dispute = await vi.waitUntil(() =>
    local.told.findLast(({ about, event }) => about === reference && event.type === 'charge.dispute.created'),
  )
  for (let time = 0; time < 2; time += 1) expect((await tell(dispute.body)).status).toBe(200)
  expect(await alarmsOf(order.id)).toMatchObject([{ kind: 'dispute', detail: { reason: 'fraudulent', amount_minor: 20_000 } }])
  local.bank.refund({ payment_intent: reference, amount: 5_000 })
  await deliver()
  clock.advance(3_600)
  await checkout.reconcile.run({ now: true })
  expect((await alarmsOf(order.id)).map(({ kind, detail }) => [kind, detail.problem])).toEqual([
    ['dispute', undefined],
    ['books_differ', 'unknown_refund'],
  ])
  clock.reset()
  const { findings } = await checkInvariants(db)
  expect(findings.filter(({ verdict }) => verdict === 'violated')).toEqual([])
})

test('Q-27: what is not signed by Stripe moves nothing; another cinema’s payment is no concern of ours', async () => {
  const order = await hold(await someone())
  await order.pay()
  const [payment] = await order.payments()
  const event = { id: 'evt_forged', object: 'event', type: 'payment_intent.succeeded' }
  const intent = { ...local.bank.get(payment?.provider_reference ?? ''), status: 'succeeded', amount_received: 20_000 }
  const body = JSON.stringify({ ...event, data: { object: intent } })
  const post = (signature: string, text = body) =>
    anonymous.post('/api/v1/payments/webhook', text, { 'content-type': 'application/json', 'stripe-signature': signature })
  const now = Math.floor(clock.now().getTime() / 1000)
  for (const bad of ['', 't=1,v1=00', signFor(body, ['whsec_somebody_elses_0'], now), signFor(body, [SECRET], now - 400)])
    expect((await post(bad)).status).toBe(400)
  // Signed, and a lie all the same: the payment is read again at Stripe.
  expect((await post(signFor(body, [SECRET], now))).status).toBe(200)
  expect(await order.read()).toMatchObject({ status: 'pending', payments: [{ status: 'pending' }] })
  const others = JSON.stringify({
    ...event,
    id: 'evt_other',
    data: { object: { object: 'refund', payment_intent: 'pi_other', metadata: {} } },
  })
  expect((await post(signFor(others, [SECRET], now), others)).status).toBe(200)
  const early = JSON.stringify({ ...event, id: 'evt_early', data: { object: { ...intent, metadata: { payment_id: '999999' } } } })
  expect((await post(signFor(early, [SECRET], now), early)).status).toBe(503)
})

test('cash beside Stripe: part at the counter, the rest by card', async () => {
  const customer = await someone()
  const order = await hold(customer)
  const cashier = await as('cashier')
  await cashier.post(`/api/v1/orders/${order.id}/pay`, { payment_method: 'cash', amount: 120 })
  expect(await order.pay({ card_token: 'pm_card_visa' })).toMatchObject({ body: { amount: 80, order: { status: 'paid' } } })
})
