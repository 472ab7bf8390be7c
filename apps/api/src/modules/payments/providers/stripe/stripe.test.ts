import { afterAll, describe, expect, test } from 'vitest'

import { systemClock } from '#platform/clock.ts'
import { createLocalStripe } from '#testing/stripe/server.ts'
import { isProviderUnavailable } from '../../errors.ts'
import type { Movement, MovementPage, PaymentProvider } from '../provider.ts'
import { createStripeProvider } from './provider.ts'

/** With a key of Stripe's test mode the same promises are held against Stripe itself; see docs/unverified.md. */
const REAL_KEY = process.env['STRIPE_TEST_KEY']
const KEY = REAL_KEY ?? 'sk_test_of_the_local_stripe'
const PATIENCE_MS = REAL_KEY ? 60_000 : 10_000

const local = createLocalStripe({ secretKey: KEY, webhookSecrets: [] })
const url = await local.app.listen({ host: '127.0.0.1', port: 0 })
afterAll(local.close)

const common = {
  publishableKey: 'pk_test_x',
  webhookSecrets: ['whsec_0123456789abcdef'],
  clock: systemClock,
  returnUrl: 'https://cinema.example',
}
const connect = (options = {}): PaymentProvider =>
  createStripeProvider({ ...common, secretKey: KEY, ...(REAL_KEY ? {} : { apiUrl: url, timeoutMs: 400 }), ...options })
const stripe = connect()

let last = Math.floor(Date.now() / 1000)
const euros = (amount_minor: number) => ({ payment_id: (last += 1), amount_minor, currency: 'EUR', created_at: new Date() })
type Charge = ReturnType<typeof euros>
const known = (charge: Charge, reference: string | null = null) => ({ ...charge, reference })
const refused = (code: string): unknown => expect.objectContaining({ name: 'ProviderRefused', code })
const unavailable: unknown = expect.objectContaining({ name: 'ProviderUnavailable' })
const paid = async (amount_minor: number, card_token = 'pm_card_visa') => {
  const charge = euros(amount_minor)
  return { charge, ...(await stripe.charge({ ...charge, card_token })) }
}

describe('Stripe behind the port', { timeout: PATIENCE_MS }, () => {
  test('waits for the buyer with a secret for the Payment Element, and is found by the same payment', async () => {
    const charge = euros(1250)
    const open = await stripe.charge(charge)
    expect(open).toMatchObject({
      payment_id: charge.payment_id,
      status: 'requires_confirmation',
      amount_minor: 1250,
      currency: 'EUR',
      client_secret: expect.stringContaining(open.reference),
      failure_code: null,
    })
    expect(await stripe.charge(charge)).toEqual(open)
    expect(await stripe.find(known(charge))).toEqual(open)
    expect(await stripe.find(known(charge, open.reference))).toEqual(open)
  })

  test('takes a card once, however often it is asked, and knows it by its payment alone', async () => {
    const { charge, ...first } = await paid(990)
    expect(first).toMatchObject({ status: 'succeeded', amount_minor: 990 })
    expect(await stripe.charge({ ...charge, card_token: 'pm_card_visa' })).toEqual(first)
    expect(await stripe.confirm(first.reference, 'pm_card_mastercard')).toEqual(first)
    expect(await stripe.find(known(charge))).toEqual(first)
  })

  test.each([
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
  ])('a declined %s says why, and another card may pay', async (card_token, failure_code) => {
    const charge = euros(900)
    const declined = await stripe.charge({ ...charge, card_token })
    expect(declined).toMatchObject({ status: 'failed', failure_code })
    expect(await stripe.charge({ ...charge, card_token })).toMatchObject({ status: 'failed', failure_code })
    expect(await stripe.find(known(charge))).toMatchObject({ status: 'requires_confirmation' })
    expect(await stripe.confirm(declined.reference, 'pm_card_visa')).toMatchObject({ status: 'succeeded', failure_code: null })
    const given_up = await stripe.charge({ ...euros(900), card_token })
    expect(await stripe.cancel(given_up.reference)).toMatchObject({ status: 'canceled', failure_code })
  })

  test('a card whose owner must be asked first leads to their bank', async () => {
    const asking = await paid(900, 'pm_card_authenticationRequired')
    expect(asking).toMatchObject({ status: 'requires_confirmation', redirect_url: expect.stringMatching(/^https:/) })
  })

  test('an unknown card is refused; too little, and a currency that does not exist, never become a payment', async () => {
    await expect(paid(900, 'pm_stolen')).rejects.toEqual(refused('invalid_card_token'))
    const little = euros(1)
    await expect(stripe.charge(little)).rejects.toEqual(refused('amount_too_small'))
    expect(await stripe.find(known(little))).toBeNull()
    await expect(stripe.charge({ ...euros(900), currency: 'QQQ' })).rejects.toEqual(refused('invalid_request'))
  })

  test('the same payment with another amount is refused', async () => {
    const charge = euros(1000)
    await stripe.charge(charge)
    await expect(stripe.charge({ ...charge, amount_minor: 1001 })).rejects.toEqual(refused('idempotency_mismatch'))
  })

  test('what was canceled stays so, and what was paid cannot be canceled', async () => {
    const { reference } = await stripe.charge(euros(700))
    expect(await stripe.cancel(reference)).toMatchObject({ status: 'canceled' })
    expect(await stripe.cancel(reference)).toMatchObject({ status: 'canceled' })
    expect(await stripe.confirm(reference, 'pm_card_visa')).toMatchObject({ status: 'canceled' })
    expect(await stripe.cancel((await paid(700)).reference)).toMatchObject({ status: 'succeeded', amount_minor: 700 })
  })

  test('money goes back in parts, each once, and never more than came', async () => {
    const { reference } = await paid(1000)
    const wish = { reference, refund_id: (last += 1), amount_minor: 400 }
    const first = await stripe.refund(wish)
    expect(first).toMatchObject({ amount_minor: 400, status: 'succeeded', failure_code: null })
    expect(await stripe.refund(wish)).toEqual(first)
    expect(await stripe.refund({ ...wish, refund_reference: first.reference })).toEqual(first)
    const more = { reference, refund_id: (last += 1), amount_minor: 601 }
    await expect(stripe.refund(more)).rejects.toEqual(refused('invalid_request'))
    expect(await stripe.refund({ ...more, refund_id: (last += 1), amount_minor: 600 })).toMatchObject({ status: 'succeeded' })
    await expect(stripe.refund({ ...more, refund_id: (last += 1), amount_minor: 1 })).rejects.toEqual(
      refused('charge_already_refunded'),
    )
    const unpaid = await stripe.charge(euros(1000))
    const nothing = stripe.refund({ ...more, reference: unpaid.reference, refund_id: (last += 1) })
    await expect(nothing).rejects.toMatchObject({ name: 'ProviderRefused' })
  })

  test('its books name what moved, with our ids', async () => {
    const from = new Date(Date.now() - 2_000)
    const { reference, charge } = await paid(800)
    const refund_id = (last += 1)
    await stripe.refund({ reference, refund_id, amount_minor: 300 })
    await stripe.charge(euros(500))
    const seen: Movement[] = []
    for (let cursor: string | null = null, more = true; more;) {
      const page: MovementPage | undefined = await stripe.list?.({ from, to: new Date(Date.now() + 5_000), cursor })
      seen.push(...(page?.movements ?? []))
      cursor = page?.next ?? null
      more = cursor !== null
    }
    const ours = seen.filter(({ payment_reference }) => payment_reference === reference)
    expect(ours).toMatchObject([
      { kind: 'charge', reference, payment_id: charge.payment_id, amount_minor: 800, currency: 'EUR' },
      { kind: 'refund', refund_id, amount_minor: 300, currency: 'EUR' },
    ])
  })

  test('a wrong key says nothing about any payment', async () => {
    const stranger = connect({ secretKey: 'sk_test_wrong' })
    await expect(stranger.charge(euros(900))).rejects.toEqual(unavailable)
    await expect(stranger.find(known(euros(900), 'pi_1'))).rejects.toEqual(unavailable)
    await expect(stripe.find(known(euros(900), 'pi_of_another_account'))).rejects.toEqual(unavailable)
  })
})

describe.skipIf(REAL_KEY)('the local Stripe', () => {
  const charges = (charge: Charge) => local.bank.journal.filter(({ payment_id }) => payment_id === charge.payment_id)

  test.each(['timeout_before', 'error_500', 'rate_limit_429', 'timeout_after', 'reset'] as const)(
    'after the fault %s at either call the outcome is unknown, and asking again takes the money once',
    async (kind) => {
      for (const operation of ['charge', 'confirm'] as const) {
        const charge = euros(300)
        // The SDK tries again once by itself, with the same key, when a connection breaks.
        local.faults.order({ kind, operation, count: kind === 'reset' ? 2 : 1, ms: 900 })
        await expect(stripe.charge({ ...charge, card_token: 'pm_card_visa' })).rejects.toSatisfy(isProviderUnavailable)
        const hasPaid = operation === 'confirm' && (kind === 'timeout_after' || kind === 'reset')
        expect(charges(charge)).toHaveLength(hasPaid ? 1 : 0)
        expect(await stripe.find(known(charge))).toMatchObject({ status: hasPaid ? 'succeeded' : 'requires_confirmation' })
        expect(await stripe.charge({ ...charge, card_token: 'pm_card_visa' })).toMatchObject({ status: 'succeeded' })
        expect(charges(charge)).toHaveLength(1)
      }
    },
  )

  test.each([
    [true, expect.objectContaining({ status: 'requires_confirmation' }) as unknown],
    [false, null],
  ])('a server error that it keeps under the key is looked behind (effect: %s)', async (afterEffect, expected) => {
    const charge = euros(300)
    local.keepFailures(1, { afterEffect })
    await expect(stripe.charge(charge)).rejects.toEqual(unavailable)
    expect(await stripe.find(known(charge))).toEqual(expected)
  })

  test('a day later the key is forgotten, and nothing is made anew', async () => {
    const charge = { ...euros(300), created_at: new Date(Date.now() - 24 * 3_600_000) }
    expect(await stripe.find(known(charge))).toBeNull()
    expect(
      local.bank.list({ limit: 1_000 }).data.some(({ metadata }) => metadata['payment_id'] === String(charge.payment_id)),
    ).toBe(false)
  })

  test('two at once with one key: one is told to wait, and there is one payment', async () => {
    const slow = createLocalStripe({ secretKey: KEY, webhookSecrets: [], think_ms: 80 })
    const at = await slow.app.listen({ host: '127.0.0.1', port: 0 })
    const far = connect({ apiUrl: at, timeoutMs: 2_000 })
    const charge = euros(300)
    const both = await Promise.allSettled([far.charge(charge), far.charge(charge)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { name: 'ProviderUnavailable' } })
    expect(slow.bank.list({ limit: 10 }).data).toHaveLength(1)
    await slow.close()
  })

  test('a refund that the bank thinks about is pending, then there; one that fails is named, and a new try is a new refund', async () => {
    const waiting = await paid(500, 'pm_card_pendingRefund')
    const wish = { reference: waiting.reference, refund_id: (last += 1), amount_minor: 500 }
    const first = await stripe.refund(wish)
    expect(first.status).toBe('pending')
    const again = () => stripe.refund({ ...wish, refund_reference: first.reference })
    await expect.poll(async () => (await again()).status, { timeout: 3_000 }).toBe('succeeded')

    const failing = await paid(500, 'pm_card_refundFail')
    const other = { reference: failing.reference, refund_id: (last += 1), amount_minor: 500 }
    const lost = await stripe.refund(other)
    const later = () => stripe.refund({ ...other, refund_reference: lost.reference })
    await expect.poll(async () => (await later()).status, { timeout: 3_000 }).toBe('failed')
    expect(await later()).toMatchObject({ failure_code: 'expired_or_canceled_card' })
    expect((await stripe.refund(other)).reference).not.toBe(lost.reference)
  })

  test('refuses what Stripe’s types do not know, and is asked for one version of them', async () => {
    const post = (path: string, body: string) =>
      fetch(url + path, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/x-www-form-urlencoded' },
      }).then(async (reply) => [reply.status, ((await reply.json()) as { error?: object }).error])
    const wrong = (code: string, param: string): unknown => [
      400,
      expect.objectContaining({ type: 'invalid_request_error', code, param }),
    ]
    expect(await post('/v1/payment_intents', 'amount=900&currency=eur&card=1')).toEqual(wrong('parameter_unknown', 'card'))
    expect(await post('/v1/payment_intents', 'currency=eur')).toEqual(wrong('parameter_missing', 'amount'))
    expect(await post('/v1/payment_intents', 'amount=many&currency=eur')).toEqual(wrong('parameter_invalid_value', 'amount'))
    const deep = 'amount=900&currency=eur&automatic_payment_methods[enable]=true'
    expect(await post('/v1/payment_intents', deep)).toEqual(wrong('parameter_unknown', 'automatic_payment_methods[enable]'))
    expect(await post('/v1/refunds', 'payment_intent=pi_1&reason=because&sum=1')).toEqual(wrong('parameter_unknown', 'sum'))
    local.versions.delete('undefined')
    expect([...local.versions]).toEqual(['2026-10-28.endive'])
  })
})
