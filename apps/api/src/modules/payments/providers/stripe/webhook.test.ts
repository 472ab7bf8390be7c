import { afterAll, describe, expect, test } from 'vitest'

import { systemClock } from '#platform/clock.ts'
import { createLocalStripe } from '#testing/stripe/server.ts'
import { signFor } from '#testing/stripe/webhooks.ts'
import { createStripeProvider } from './provider.ts'

const [OLD, NEW] = ['whsec_old_0123456789', 'whsec_new_0123456789']
const local = createLocalStripe({ secretKey: 'sk_test_x', webhookSecrets: [OLD], async_ms: 20 })
const apiUrl = await local.app.listen({ host: '127.0.0.1', port: 0 })
afterAll(local.close)

let now = new Date()
const clock = { ...systemClock, now: () => now }
const { charge, refund, readWebhook } = createStripeProvider({
  secretKey: 'sk_test_x',
  publishableKey: 'pk_test_x',
  webhookSecrets: [NEW, OLD],
  returnUrl: 'https://cinema.example',
  apiUrl,
  clock,
})
const seconds = () => Math.floor(now.getTime() / 1000)
const read = (body: string, header = signFor(body, [OLD], seconds())) =>
  readWebhook(Buffer.from(body), { 'stripe-signature': header })
const code = (expected: string): unknown => expect.objectContaining({ status: 400, code: expected })
const told = async (type: string) => {
  await expect.poll(() => bodyOf(type)).not.toBe('')
}
const bodyOf = (type: string) => local.told.findLast(({ event }) => event.type === type)?.body ?? ''

describe('R-209: a webhook of Stripe', () => {
  test('names its payment; a refund and a dispute name it by Stripe’s reference', async () => {
    const { reference } = await charge({
      payment_id: 7,
      amount_minor: 900,
      currency: 'EUR',
      created_at: now,
      card_token: 'pm_card_visa',
    })
    await told('payment_intent.succeeded')
    expect(read(bodyOf('payment_intent.succeeded'))).toMatchObject({ payment_id: 7, reference, type: 'payment_intent.succeeded' })
    await refund({ reference, refund_id: 3, amount_minor: 100 })
    await told('refund.created')
    expect(read(bodyOf('refund.created'))).toMatchObject({ payment_id: null, reference, refund_id: 3 })
    local.bank.dispute(reference)
    await told('charge.dispute.created')
    expect(read(bodyOf('charge.dispute.created'))).toMatchObject({
      reference,
      alarm: { kind: 'dispute', detail: { amount_minor: 900, currency: 'EUR', reason: 'fraudulent', status: 'needs_response' } },
    })
  })

  test('about something that is not ours is no concern of ours', () => {
    const event = { id: 'evt_1', object: 'event', type: 'payout.paid', data: { object: { object: 'payout', id: 'po_1' } } }
    expect(read(JSON.stringify(event))).toBeNull()
    const other = { ...event, data: { object: { object: 'payment_intent', id: 'pi_1', metadata: {} } } }
    expect(read(JSON.stringify(other))).toBeNull()
    const bare = { ...event, data: { object: { object: 'refund', id: 're_1', payment_intent: null, metadata: {} } } }
    expect(read(JSON.stringify(bare))).toBeNull()
  })

  test('is believed with either secret while they rotate, for five minutes', () => {
    const body = bodyOf('payment_intent.succeeded')
    const at = seconds()
    for (const secrets of [[OLD], [NEW], ['whsec_unknown_01234567', NEW]])
      expect(read(body, signFor(body, secrets, at))).not.toBeNull()
    const header = signFor(body, [OLD], at)
    now = new Date(now.getTime() + 300_000)
    expect(read(body, header)).not.toBeNull()
    now = new Date(now.getTime() + 2_000)
    expect(() => read(body, header)).toThrow(code('payments.webhook_forged'))
  })

  test('Q-27: that anybody else made, changed or left unsigned is refused', () => {
    const body = bodyOf('payment_intent.succeeded')
    const header = signFor(body, [OLD], seconds())
    const forged = code('payments.webhook_forged')
    for (const bad of [
      '',
      't=1',
      `t=${seconds()},v1=00`,
      header.replace('v1=', 'v0='),
      signFor(body, ['whsec_another_secret'], seconds()),
    ])
      expect(() => read(body, bad)).toThrow(forged)
    for (const other of [`${body} `, body.replace('succeeded', 'failed'), '']) expect(() => read(other, header)).toThrow(forged)
    expect(() => readWebhook(Buffer.from(body), {})).toThrow(forged)
    expect(() => readWebhook(Buffer.from(body), { 'stripe-signature': [header] })).toThrow(forged)
    for (const odd of ['{', '[]', '{"id":"evt_1"}', '{"id":1,"type":"x","data":{"object":{}}}', 'null'])
      expect(() => read(odd)).toThrow(code('payments.webhook_malformed'))
  })
})
