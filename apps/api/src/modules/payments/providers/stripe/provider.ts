import { createHash } from 'node:crypto'

import Stripe from 'stripe'

import type { Clock } from '#platform/clock.ts'
import { providerRefused } from '../../errors.ts'
import type { ChargeRequest, MovementPage, MovementQuery, OurPayment, PaymentProvider, ProviderPayment } from '../provider.ts'
import {
  ask,
  existing,
  isCardError,
  isInvalidRequest,
  isKeptFailure,
  isReplayed,
  isUnexpectedState,
  isUnknownCard,
} from './errors.ts'
import { canBeConfirmed, chargeIn, hasFailed, idIn, refundIn, toDeclined, toPayment, toRefund } from './translate.ts'
import { createReadWebhook } from './webhook.ts'

export const STRIPE = 'stripe'
/** What this code was written against; Stripe speaks it to us for years, whatever the account's default is. */
const API_VERSION = '2026-10-28.endive'
const TIMEOUT_MS = 10_000
const PAGE = 100
/** How far our clock and Stripe's may be apart, and how long a call may be on its way. */
const AROUND_SECONDS = 600

type Options = {
  secretKey: string
  publishableKey: string
  webhookSecrets: readonly string[]
  clock: Clock
  /** Where a bank sends the buyer back to whose card we presented ourselves. */
  returnUrl: string
  /** Somewhere else than Stripe: tests. */
  apiUrl?: string | undefined
  timeoutMs?: number
}

const connect = ({ secretKey, apiUrl, timeoutMs = TIMEOUT_MS }: Options) => {
  const elsewhere = apiUrl === undefined ? undefined : new URL(apiUrl)
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    // Whoever does not answer in time is asked again by the completer; the buyer does not wait for it.
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    ...(elsewhere && {
      host: elsewhere.hostname,
      port: elsewhere.port,
      protocol: elsewhere.protocol === 'http:' ? ('http' as const) : ('https' as const),
    }),
  })
}

const keyOf = ({ payment_id, created_at }: Pick<OurPayment, 'payment_id' | 'created_at'>) =>
  `payment-${payment_id}-${created_at.getTime()}`

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

const paymentMethod = (token: string) => (token.startsWith('ctoken_') ? { confirmation_token: token } : { payment_method: token })

/** Intents are made without a card and confirmed in a second call, so that the first can be repeated by anybody who knows the payment. */
const createIntents = (stripe: Stripe, returnUrl: string) => {
  const retrieve = (id: string) => existing(() => stripe.paymentIntents.retrieve(id))

  const makeOrThrow = async (payment: Omit<ChargeRequest, 'card_token'>): Promise<Stripe.PaymentIntent> => {
    const made = await stripe.paymentIntents.create(
      {
        amount: payment.amount_minor,
        currency: payment.currency.toLowerCase(),
        automatic_payment_methods: { enabled: true },
        metadata: { payment_id: String(payment.payment_id) },
      },
      { idempotencyKey: keyOf(payment) },
    )
    return isReplayed(made) ? retrieve(made.id) : made
  }

  const confirm = (id: string, token: string): Promise<ProviderPayment> =>
    ask(
      async () => {
        const key = { idempotencyKey: `confirm-${id}-${digest(token)}` }
        const told = await stripe.paymentIntents.confirm(id, { ...paymentMethod(token), return_url: returnUrl }, key)
        return toPayment(isReplayed(told) ? await retrieve(id) : told)
      },
      (error) => {
        if (isCardError(error)) return retrieve(id).then(toDeclined)
        if (isUnexpectedState(error)) return retrieve(id).then(toPayment)
        if (isUnknownCard(error)) throw providerRefused('invalid_card_token')
        return undefined
      },
    )

  /** A list is never late, as Stripe's search is. */
  const lookThrough = async ({ payment_id, created_at }: OurPayment): Promise<ProviderPayment | null> => {
    const at = Math.floor(created_at.getTime() / 1000)
    const created = { gte: at - AROUND_SECONDS, lte: at + AROUND_SECONDS }
    for await (const intent of stripe.paymentIntents.list({ created, limit: PAGE }))
      if (idIn(intent.metadata, 'payment_id') === payment_id) return toPayment(intent)
    return null
  }

  return { retrieve, find: async (id: string) => toPayment(await retrieve(id)), makeOrThrow, confirm, lookThrough }
}

const nothing = async () => null

/** A key is remembered for a day at least; after that it would make a second intent. */
const KEY_REMEMBERED_MS = 23 * 3_600_000

const createFind =
  ({ retrieve, makeOrThrow, lookThrough }: ReturnType<typeof createIntents>, clock: Clock): PaymentProvider['find'] =>
  (payment) => {
    if (payment.reference !== null) return retrieve(payment.reference).then(toPayment)
    if (clock.now().getTime() - payment.created_at.getTime() > KEY_REMEMBERED_MS) return ask(() => lookThrough(payment))
    return ask<ProviderPayment | null>(
      // Whether or not the first call arrived: the same key names the same intent, and one that nobody confirms takes no money.
      () => makeOrThrow(payment).then(toPayment),
      (error) => {
        if (isKeptFailure(error)) return ask(() => lookThrough(payment))
        return isInvalidRequest(error) ? nothing() : undefined
      },
    )
  }

/** Looks for what it made before: the key alone would be forgotten after a day, and part of the money given back twice. */
const createRefund =
  (stripe: Stripe): PaymentProvider['refund'] =>
  ({ reference, refund_id, amount_minor, refund_reference }) =>
    ask(async () => {
      if (refund_reference) return toRefund(await existing(() => stripe.refunds.retrieve(refund_reference)))
      const mine: Stripe.Refund[] = []
      for await (const refund of stripe.refunds.list({ payment_intent: reference, limit: PAGE }))
        if (idIn(refund.metadata, 'refund_id') === refund_id) mine.push(refund)
      const standing = mine.find((refund) => !hasFailed(refund))
      if (standing) return toRefund(standing)
      const made = await stripe.refunds.create(
        { payment_intent: reference, amount: amount_minor, metadata: { refund_id: String(refund_id) } },
        { idempotencyKey: `refund-${refund_id}-${reference}-${mine.length}` },
      )
      return toRefund(isReplayed(made) ? await stripe.refunds.retrieve(made.id) : made)
    })

const CHARGES = 'charges:'
const REFUNDS = 'refunds:'

/** First the intents, then the refunds; the cursor names the last one seen. */
const createList =
  (stripe: Stripe) =>
  ({ from, to, cursor }: MovementQuery): Promise<MovementPage> =>
    ask(async () => {
      const created = { gte: Math.floor(from.getTime() / 1000), lt: Math.floor(to.getTime() / 1000) }
      const [books = '', after = ''] = (cursor ?? CHARGES).split(/(?<=:)/)
      const page = { created, limit: PAGE, ...(after !== '' && { starting_after: after }) }
      if (books === REFUNDS) {
        const { data, has_more } = await stripe.refunds.list(page)
        return { movements: data.flatMap(refundIn), next: has_more ? `${REFUNDS}${data.at(-1)?.id ?? ''}` : null }
      }
      const { data, has_more } = await stripe.paymentIntents.list(page)
      return { movements: data.flatMap(chargeIn), next: has_more ? `${CHARGES}${data.at(-1)?.id ?? ''}` : REFUNDS }
    })

/** Stripe behind the port: PaymentIntents, confirmed by the Payment Element in the buyer's browser or with a token here. */
export const createStripeProvider = (options: Options): PaymentProvider => {
  const stripe = connect(options)
  const intents = createIntents(stripe, options.returnUrl)
  return {
    name: STRIPE,
    publishable_key: options.publishableKey,
    charge: async ({ card_token, ...payment }) => {
      const intent = await ask(() => intents.makeOrThrow(payment))
      return card_token !== undefined && canBeConfirmed(intent) ? intents.confirm(intent.id, card_token) : toPayment(intent)
    },
    confirm: intents.confirm,
    find: createFind(intents, options.clock),
    cancel: (reference) =>
      ask(
        async () => toPayment(await stripe.paymentIntents.cancel(reference)),
        (error) => (isUnexpectedState(error) ? intents.find(reference) : undefined),
      ),
    refund: createRefund(stripe),
    list: createList(stripe),
    readWebhook: createReadWebhook({ stripe, secrets: options.webhookSecrets, clock: options.clock }),
  }
}
