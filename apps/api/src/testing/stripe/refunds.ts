import type Stripe from 'stripe'

import { CARDS } from './cards.ts'
import { fixtures, type Intent, type JournalLine, newId, notFound, type Page, pageOf, type Tell } from './objects.ts'
import { invalidRequest } from './wire.ts'

type Parts = { now: () => number; tell: Tell; get: (id: string) => Intent; journal: JournalLine[]; async_ms: number }
type Wish = { payment_intent: string; amount?: number | undefined; metadata?: Record<string, string> | undefined }

const nameOf = (named: string | { id: string } | null): string => (typeof named === 'string' ? named : (named?.id ?? ''))

const counts = ({ status }: Stripe.Refund) => status !== 'failed' && status !== 'canceled'

export const createRefunds = ({ now, tell, get, journal, async_ms }: Parts) => {
  const refunds = new Map<string, Stripe.Refund>()
  const of = (intent: string) => [...refunds.values()].filter(({ payment_intent }) => payment_intent === intent)
  const leftOf = (intent: Intent) =>
    intent.amount_received -
    of(intent.id)
      .filter(counts)
      .reduce((sum, { amount }) => sum + amount, 0)

  const arrive = (refund: Stripe.Refund) => {
    refund.status = 'succeeded'
    journal.push({
      idempotency_key: `refund-${refund.metadata?.['refund_id'] ?? refund.id}`,
      reference: refund.id,
      payment_id: Number(get(nameOf(refund.payment_intent)).metadata['payment_id']),
      kind: 'refund',
      amount_minor: refund.amount,
    })
  }

  const later = (refund: Stripe.Refund, failing: boolean) => {
    const end = () => {
      if (failing) Object.assign(refund, { status: 'failed', failure_reason: 'expired_or_canceled_card' })
      else arrive(refund)
      tell(failing ? 'refund.failed' : 'refund.updated', refund, nameOf(refund.payment_intent))
    }
    setTimeout(end, async_ms).unref()
  }

  return {
    refund: ({ payment_intent, amount, metadata = {} }: Wish): Stripe.Refund => {
      const intent = get(payment_intent)
      if (intent.status !== 'succeeded')
        throw invalidRequest(`This PaymentIntent (${payment_intent}) does not have a successful charge to refund.`, {
          code: 'payment_intent_unexpected_state',
        })
      const left = leftOf(intent)
      const wanted = amount ?? left
      if (left === 0) throw invalidRequest('Charge has already been refunded.', { code: 'charge_already_refunded' })
      if (wanted < 1 || wanted > left)
        throw invalidRequest('Refund amount is greater than unrefunded amount on charge.', { param: 'amount' })
      const how = CARDS[nameOf(intent.payment_method)]?.refund
      const refund: Stripe.Refund = {
        ...structuredClone(fixtures.refund),
        id: newId('re'),
        amount: wanted,
        currency: intent.currency,
        created: now(),
        metadata,
        status: 'pending',
        payment_intent,
        charge: intent.latest_charge,
      }
      refunds.set(refund.id, refund)
      if (how === undefined) arrive(refund)
      else later(refund, how === 'fails')
      tell('refund.created', refund, payment_intent)
      return refund
    },
    /** The bank sends back what it had taken. */
    bounce: (id: string): void => {
      const refund = refunds.get(id)
      if (!refund) throw notFound('refund', id, 'id')
      Object.assign(refund, { status: 'failed', failure_reason: 'lost_or_stolen_card' })
      tell('refund.failed', refund, nameOf(refund.payment_intent))
    },
    getRefund: (id: string): Stripe.Refund => {
      const refund = refunds.get(id)
      if (!refund) throw notFound('refund', id, 'id')
      return refund
    },
    listRefunds: (page: Page, payment_intent: string | undefined) =>
      pageOf('/v1/refunds', payment_intent === undefined ? [...refunds.values()] : of(payment_intent), page),
  }
}
