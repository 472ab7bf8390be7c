import Stripe from 'stripe'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

import type { Clock } from '#platform/clock.ts'
import { webhookForged, webhookMalformed } from '../../errors.ts'
import type { PaymentProvider, ProviderEvent } from '../provider.ts'
import { idIn, idOf } from './translate.ts'

const SIGNATURE_HEADER = 'stripe-signature'
const TOLERANCE_SECONDS = 300

const SignedEvent = Type.Object({
  id: Type.String({ minLength: 1 }),
  type: Type.String({ minLength: 1 }),
  data: Type.Object({ object: Type.Object({}) }),
})

type Options = { stripe: Stripe; secrets: readonly string[]; clock: Clock }

const disputed = (dispute: Stripe.Dispute) => ({
  kind: 'dispute',
  detail: {
    dispute: dispute.id,
    amount_minor: dispute.amount,
    currency: dispute.currency.toUpperCase(),
    reason: dispute.reason,
    status: dispute.status,
    due_by: dispute.evidence_details?.due_by ?? null,
  },
})

const about = (object: Stripe.Event.Data.Object): Omit<ProviderEvent, 'id' | 'type'> | null => {
  const one = object as { object?: string }
  if (one.object === 'payment_intent') {
    const { id: reference, metadata } = object as Stripe.PaymentIntent
    const payment_id = idIn(metadata, 'payment_id')
    // The account takes money for others too.
    return payment_id === null ? null : { payment_id, reference }
  }
  if (one.object !== 'refund' && one.object !== 'dispute' && one.object !== 'charge') return null
  const { payment_intent, metadata } = object as Stripe.Refund | Stripe.Dispute | Stripe.Charge
  const reference = idOf(payment_intent)
  if (reference === null) return null
  const refund_id = one.object === 'refund' ? idIn(metadata, 'refund_id') : null
  return {
    payment_id: null,
    reference,
    ...(refund_id !== null && { refund_id }),
    ...(one.object === 'dispute' && { alarm: disputed(object as Stripe.Dispute) }),
  }
}

const isEvent = (event: unknown): event is Stripe.Event => Value.Check(SignedEvent, event)

/** Any of the secrets may have signed: while they rotate there are two. */
export const createReadWebhook = ({ stripe, secrets, clock }: Options): PaymentProvider['readWebhook'] => {
  const open = (raw: Buffer, header: string): unknown => {
    for (const secret of secrets) {
      try {
        return stripe.webhooks.constructEvent(raw, header, secret, TOLERANCE_SECONDS, undefined, clock.now().getTime())
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw webhookMalformed()
      }
    }
    throw webhookForged('no secret of ours has signed it, or too long ago')
  }

  return (raw, headers) => {
    const header = headers[SIGNATURE_HEADER]
    if (typeof header !== 'string') throw webhookForged('it is not signed')
    const event = open(raw, header)
    if (!isEvent(event)) throw webhookMalformed()
    const found = about(event.data.object)
    return found && { id: event.id, type: event.type, ...found }
  }
}
