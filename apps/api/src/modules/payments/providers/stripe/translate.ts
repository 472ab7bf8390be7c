import type Stripe from 'stripe'

import type { Movement, ProviderPayment, ProviderRefund } from '../provider.ts'

const OPEN: Stripe.PaymentIntent.Status[] = ['requires_payment_method', 'requires_confirmation', 'requires_action']

/**
 * A card that the buyer tried in the browser and that was declined leaves the intent open: the next one may pay it.
 * `requires_capture` cannot be, since we never ask for it.
 */
const statusOf = ({ status }: Stripe.PaymentIntent): ProviderPayment['status'] => {
  if (status === 'succeeded') return 'succeeded'
  if (status === 'canceled') return 'canceled'
  return OPEN.includes(status) ? 'requires_confirmation' : 'processing'
}

/** Our names where we have one, Stripe's where not. */
const failureOf = ({ last_payment_error: error }: Stripe.PaymentIntent): string | null =>
  error ? (error.decline_code ?? error.code ?? 'card_declined') : null

export const idIn = (metadata: Stripe.Metadata | null, name: 'payment_id' | 'refund_id'): number | null => {
  const id = Number(metadata?.[name])
  return Number.isSafeInteger(id) && id > 0 ? id : null
}

export const idOf = (named: string | { id: string } | null): string | null =>
  typeof named === 'object' ? (named?.id ?? null) : named

export const canBeConfirmed = ({ status }: Stripe.PaymentIntent): boolean => OPEN.includes(status)

export const toPayment = (intent: Stripe.PaymentIntent): ProviderPayment => ({
  reference: intent.id,
  payment_id: idIn(intent.metadata, 'payment_id') ?? 0,
  status: statusOf(intent),
  amount_minor: intent.status === 'succeeded' ? intent.amount_received : intent.amount,
  currency: intent.currency.toUpperCase(),
  refunded_minor: 0,
  // One that was declined and that we have closed since was declined all the same.
  failure_code: intent.status === 'canceled' ? failureOf(intent) : null,
  is_declined: intent.status === 'requires_payment_method' && intent.last_payment_error !== null,
  client_secret: intent.client_secret,
  redirect_url: intent.next_action?.redirect_to_url?.url ?? null,
})

/** What a card that we presented ourselves came to. */
export const toDeclined = (intent: Stripe.PaymentIntent): ProviderPayment =>
  canBeConfirmed(intent)
    ? { ...toPayment(intent), status: 'failed', failure_code: failureOf(intent) ?? 'card_declined' }
    : toPayment(intent)

export const hasFailed = ({ status }: Stripe.Refund): boolean => status === 'failed' || status === 'canceled'

export const toRefund = (refund: Stripe.Refund): ProviderRefund => ({
  reference: refund.id,
  amount_minor: refund.amount,
  status: refund.status === 'succeeded' ? 'succeeded' : hasFailed(refund) ? 'failed' : 'pending',
  failure_code: hasFailed(refund) ? (refund.failure_reason ?? refund.status ?? 'failed') : null,
})

export const chargeIn = (intent: Stripe.PaymentIntent): Movement[] =>
  intent.status === 'succeeded'
    ? [
        {
          kind: 'charge',
          reference: intent.id,
          payment_reference: intent.id,
          payment_id: idIn(intent.metadata, 'payment_id'),
          refund_id: null,
          amount_minor: intent.amount_received,
          currency: intent.currency.toUpperCase(),
        },
      ]
    : []

/** Those of charges that no intent made are of another shop. */
export const refundIn = (refund: Stripe.Refund): Movement[] => {
  const payment_reference = idOf(refund.payment_intent)
  if (payment_reference === null || refund.status !== 'succeeded') return []
  return [
    {
      kind: 'refund',
      reference: refund.id,
      payment_reference,
      payment_id: idIn(refund.metadata, 'payment_id'),
      refund_id: idIn(refund.metadata, 'refund_id'),
      amount_minor: refund.amount,
      currency: refund.currency.toUpperCase(),
    },
  ]
}
