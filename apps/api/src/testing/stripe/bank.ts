import type Stripe from 'stripe'

import { type Card, CARDS, CURRENCIES, LEAST, MOST } from './cards.ts'
import { fixtures, type Intent, type JournalLine, newId, notFound, type Page, pageOf, type Tell } from './objects.ts'
import { createRefunds } from './refunds.ts'
import { invalidRequest, refusal } from './wire.ts'

const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action']

const unexpectedState = (intent: Intent, doing: string) =>
  invalidRequest(`You cannot ${doing} this PaymentIntent because it has a status of ${intent.status}.`, {
    code: 'payment_intent_unexpected_state',
    payment_intent: intent,
  })

/** What the fixture shows filled in. */
const NOTHING_YET = {
  last_payment_error: null,
  next_action: null,
  processing: null,
  canceled_at: null,
  shipping: null,
  transfer_data: null,
  payment_method: null,
  latest_charge: null,
}

type Parts = { now: () => number; tell: Tell; async_ms: number }

/** Stripe's books, and what it does with a card. Everything happens at once and nothing is lost, as in one process. */
export const createBank = ({ now, tell, async_ms }: Parts) => {
  const intents = new Map<string, Intent>()
  const journal: JournalLine[] = []

  const get = (id: string): Intent => {
    const intent = intents.get(id)
    if (!intent) throw notFound('payment_intent', id, 'intent')
    return intent
  }

  const change = (intent: Intent, fields: Partial<Intent>, type: Stripe.Event.Type) => {
    Object.assign(intent, fields)
    tell(type, intent, intent.id)
    return intent
  }

  const capture = (intent: Intent) => {
    const payment_id = Number(intent.metadata['payment_id'])
    const amount_minor = intent.amount
    journal.push({ idempotency_key: `payment-${payment_id}`, reference: intent.id, payment_id, kind: 'charge', amount_minor })
    const fields = { status: 'succeeded' as const, amount_received: amount_minor, latest_charge: newId('ch') }
    return change(
      intent,
      { ...fields, next_action: null, last_payment_error: null, processing: null },
      'payment_intent.succeeded',
    )
  }

  const decline = (intent: Intent, payment_method: string, { code = 'card_declined', decline_code }: Card): never => {
    const error = { type: 'card_error' as const, code, decline_code, message: 'Your card was declined.' }
    const fields = { status: 'requires_payment_method' as const, payment_method: null, next_action: null }
    change(intent, { ...fields, last_payment_error: error as Intent['last_payment_error'] }, 'payment_intent.payment_failed')
    throw refusal(402, { ...error, payment_intent: structuredClone(intent), payment_method: { id: payment_method } })
  }

  /** The same card as the buyer enters it in a browser, where nobody of us sees the answer. */
  const present = (intent: Intent, payment_method: string, return_url: string): Intent => {
    const card = CARDS[payment_method]
    if (!card) throw notFound('PaymentMethod', payment_method, 'payment_method')
    if (!OPEN.includes(intent.status)) throw unexpectedState(intent, 'confirm')
    if (card.code) return decline(intent, payment_method, card)
    intent.payment_method = payment_method
    if (card.asks) {
      const next_action = {
        type: 'redirect_to_url',
        redirect_to_url: { return_url, url: `https://hooks.stripe.com/3d/${intent.id}` },
      }
      return change(intent, { status: 'requires_action', next_action }, 'payment_intent.requires_action')
    }
    if (!card.later) return capture(intent)
    setTimeout(() => intent.status === 'processing' && capture(intent), async_ms).unref()
    return change(intent, { status: 'processing' }, 'payment_intent.processing')
  }

  const requireAmount = (amount: number, currency: string) => {
    if (!CURRENCIES.has(currency)) throw invalidRequest(`Invalid currency: ${currency}.`, { param: 'currency' })
    if (amount < (LEAST[currency] ?? 50))
      throw invalidRequest('Amount must be at least the minimum.', { code: 'amount_too_small', param: 'amount' })
    if (amount > MOST)
      throw invalidRequest('Amount must be no more than 99999999.', { code: 'amount_too_large', param: 'amount' })
  }

  return {
    journal,
    get,
    create: ({ amount, currency, metadata }: { amount: number; currency: string; metadata: Record<string, string> }): Intent => {
      requireAmount(amount, currency)
      const id = newId('pi')
      const intent: Intent = {
        ...structuredClone(fixtures.payment_intent),
        id,
        amount,
        currency,
        metadata,
        created: now(),
        client_secret: `${id}_secret_${newId('x')}`,
        status: 'requires_payment_method',
        amount_received: 0,
        ...NOTHING_YET,
      }
      intents.set(id, intent)
      tell('payment_intent.created', intent, id)
      return intent
    },
    list: (page: Page) => pageOf('/v1/payment_intents', [...intents.values()], page),
    confirm: (id: string, payment_method: string | undefined, return_url: string | undefined): Intent => {
      const intent = get(id)
      if (payment_method === undefined) throw invalidRequest('You must provide a payment method.', { code: 'parameter_missing' })
      if (return_url === undefined && intent.automatic_payment_methods?.allow_redirects !== 'never')
        throw invalidRequest('You must provide a `return_url`.', { param: 'return_url' })
      return present(intent, payment_method, return_url ?? '')
    },
    /** What the Payment Element does for the buyer; false when the card was declined. */
    payInBrowser: (id: string, payment_method: string): boolean => {
      try {
        present(get(id), payment_method, 'https://cinema.example')
        return true
      } catch (error) {
        if ((error as { status?: number }).status === 402) return false
        throw error
      }
    },
    /** The bank has asked the card's owner, who agreed. */
    authenticate: (id: string): Intent => capture(get(id)),
    cancel: (id: string): Intent => {
      const intent = get(id)
      if (!OPEN.includes(intent.status)) throw unexpectedState(intent, 'cancel')
      return change(intent, { status: 'canceled', canceled_at: now() }, 'payment_intent.canceled')
    },
    dispute: (id: string): Stripe.Dispute => {
      const { amount, currency } = get(id)
      const status = { status: 'needs_response' as const, reason: 'fraudulent' as const, created: now(), metadata: {} }
      const dispute = { ...structuredClone(fixtures.dispute), id: newId('dp'), amount, currency, payment_intent: id, ...status }
      tell('charge.dispute.created', dispute, id)
      return dispute
    },
    ...createRefunds({ now, tell, get, journal, async_ms }),
  }
}
export type Bank = ReturnType<typeof createBank>
