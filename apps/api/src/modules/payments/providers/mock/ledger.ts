import { setTimeout as sleep } from 'node:timers/promises'

import type { Pool } from '#platform/db/pool.ts'
import { providerRefused, providerUnavailable } from '../../errors.ts'
import type { ChargeRequest, ProviderPayment, ProviderRefund, RefundRequest } from '../provider.ts'
import * as books from './books.ts'
import { type Client, inTransaction } from './database.ts'
import { createOutbox, enqueueWebhook } from './outbox.ts'
import type { JournalLine } from './schemas.ts'
import { type Card, cardOf } from './tokens.ts'

type Options = {
  pool: Pool
  /** How late `tok_slow` answers. */
  slow_ms?: number
  /** How long the bank thinks about `tok_async`. */
  async_ms?: number
}

const SHUFFLED_SUCCESS_MS = [0, 150, 450]
const SHUFFLED_PROCESSING_MS = 300

const checkAmount = (amount_minor: number) => {
  if (!Number.isSafeInteger(amount_minor) || amount_minor < 1) throw providerRefused('invalid_amount')
}

const toPayment = (intent: books.IntentRow): ProviderPayment => ({
  reference: intent.reference,
  payment_id: intent.payment_id,
  status: intent.status,
  amount_minor: intent.status === 'succeeded' ? intent.captured_minor : intent.amount_minor,
  currency: intent.currency,
  refunded_minor: intent.refunded_minor,
  failure_code: intent.failure_code,
  client_secret: intent.client_secret,
  redirect_url: null,
})

const tell = (
  client: Client,
  intent: books.IntentRow,
  type: 'processing' | 'succeeded' | 'failed' | 'canceled',
  deliver_in_ms?: number[],
) =>
  enqueueWebhook(client, intent, {
    type: `payment.${type}`,
    amount_minor: toPayment(intent).amount_minor,
    ...(deliver_in_ms && { deliver_in_ms }),
  })

/** The bank's decision: money and journal, or a refusal. */
const decide = async (client: Client, intent: books.IntentRow, token: string, card: Card): Promise<books.IntentRow> => {
  if (card.declined) {
    const failed = await books.changeIntent(client, intent.reference, {
      status: 'failed',
      failure_code: card.declined,
      card_token: token,
    })
    await tell(client, failed, 'failed')
    return failed
  }
  const captured_minor = intent.amount_minor + (card.difference_minor ?? 0) || intent.amount_minor + 1
  const paid = await books.changeIntent(client, intent.reference, { status: 'succeeded', captured_minor, card_token: token })
  const { idempotency_key, reference: intent_id, currency } = paid
  await books.writeJournal(client, { idempotency_key, intent_id, kind: 'charge', amount_minor: captured_minor, currency })
  await tell(client, paid, 'succeeded', card.shuffled && SHUFFLED_SUCCESS_MS)
  return paid
}

const settle = (client: Client, intent: books.IntentRow): Promise<books.IntentRow> => {
  const token = intent.card_token ?? ''
  return decide(client, intent, token, cardOf(token))
}

/** Every look at a locked intent first writes down what the bank has decided meanwhile. */
const upToDate = async (client: Client, intent: books.IntentRow | null): Promise<books.IntentRow> => {
  if (!intent) throw providerRefused('not_found')
  return intent.is_due ? settle(client, intent) : intent
}

/** After the effect is committed, so that a caller who gives up finds the money taken when it asks again. */
const answer = async (intent: books.IntentRow, card: Card | undefined, slow_ms: number): Promise<ProviderPayment> => {
  if (card?.slow) await sleep(slow_ms)
  if (card?.lost) throw providerUnavailable('The provider did not answer in time.')
  return toPayment(intent)
}

type Present = (client: Client, intent: books.IntentRow, token: string) => Promise<books.IntentRow>

const createPresent =
  (async_ms: number): Present =>
  async (client, intent, token) => {
    const card = cardOf(token)
    if (!card.later) return decide(client, intent, token, card)
    const waiting = await books.changeIntent(client, intent.reference, {
      status: 'processing',
      card_token: token,
      settles_in_ms: async_ms,
    })
    await tell(client, waiting, 'processing', card.shuffled && [async_ms + SHUFFLED_PROCESSING_MS])
    return waiting
  }

/** The first call with a payment's id decides; a later one is answered with the state, whatever card it brings. */
const createCharge =
  (pool: Pool, slow_ms: number, present: Present) =>
  async ({ payment_id, amount_minor, currency, card_token }: Omit<ChargeRequest, 'created_at'>): Promise<ProviderPayment> => {
    checkAmount(amount_minor)
    const card = card_token === undefined ? undefined : cardOf(card_token)
    const { intent, card: used } = await inTransaction(pool, async (client) => {
      const created = await books.insertIntent(client, {
        idempotency_key: `payment-${payment_id}`,
        payment_id,
        amount_minor,
        currency,
      })
      if (created) return { intent: card_token === undefined ? created : await present(client, created, card_token), card }
      const known = await books.lockByPayment(client, payment_id)
      if (known?.amount_minor !== amount_minor || known.currency !== currency) throw providerRefused('idempotency_mismatch')
      return { intent: await upToDate(client, known), card: undefined }
    })
    return answer(intent, used, slow_ms)
  }

/** A declined intent may be tried with another card; one that is paid or in progress is answered as it stands. */
const createConfirm =
  (pool: Pool, slow_ms: number, present: Present) =>
  async (reference: string, card_token: string): Promise<ProviderPayment> => {
    const card = cardOf(card_token)
    const { intent, card: used } = await inTransaction(pool, async (client) => {
      const known = await upToDate(client, await books.lockByReference(client, reference))
      if (known.status === 'canceled') throw providerRefused('intent_canceled')
      if (known.status === 'succeeded' || known.status === 'processing') return { intent: known, card: undefined }
      return { intent: await present(client, known, card_token), card }
    })
    return answer(intent, used, slow_ms)
  }

const createCancel =
  (pool: Pool) =>
  (reference: string): Promise<ProviderPayment> =>
    inTransaction(pool, async (client) => {
      const known = await upToDate(client, await books.lockByReference(client, reference))
      if (known.status === 'succeeded' || known.status === 'canceled') return toPayment(known)
      const failure_code = known.failure_code ?? undefined
      const canceled = await books.changeIntent(client, reference, { status: 'canceled', failure_code })
      await tell(client, canceled, 'canceled')
      return toPayment(canceled)
    })

/** Here money arrives at once. */
type Given = Pick<ProviderRefund, 'reference' | 'amount_minor'>

const createRefund =
  (pool: Pool) =>
  ({ reference, refund_id, amount_minor }: RefundRequest): Promise<Given> => {
    const idempotency_key = `refund-${refund_id}`
    return inTransaction(pool, async (client) => {
      checkAmount(amount_minor)
      const intent = await upToDate(client, await books.lockByReference(client, reference))
      const known = await books.findRefund(client, idempotency_key)
      if (known && (known.intent_id !== reference || known.amount_minor !== amount_minor))
        throw providerRefused('idempotency_mismatch')
      if (known) return { reference: known.reference, amount_minor }
      if (intent.status !== 'succeeded') throw providerRefused('not_succeeded')
      if (amount_minor > intent.captured_minor - intent.refunded_minor) throw providerRefused('amount_too_large')
      const made = await books.insertRefund(client, { idempotency_key, intent_id: reference, amount_minor })
      // The key was taken meanwhile for another intent: those of one intent wait for its lock.
      if (!made) throw providerRefused('idempotency_mismatch')
      await books.writeJournal(client, {
        idempotency_key,
        intent_id: reference,
        kind: 'refund',
        amount_minor,
        currency: intent.currency,
      })
      await enqueueWebhook(client, intent, { type: 'refund.succeeded', amount_minor })
      return { reference: made.reference, amount_minor }
    })
  }

/**
 * The provider itself: intents, refunds, a journal of every movement and the webhooks still to tell, in its own
 * tables. Each call is one short transaction; calls with the same id have one effect, however they race.
 */
export const createMockLedger = ({ pool, slow_ms = 3_000, async_ms = 1_000 }: Options) => {
  const present = createPresent(async_ms)

  const find = async (payment_id: number): Promise<ProviderPayment | null> => {
    const intent = await books.findByPayment(pool, payment_id)
    if (!intent?.is_due) return intent && toPayment(intent)
    return inTransaction(pool, async (client) => toPayment(await upToDate(client, await books.lockByPayment(client, payment_id))))
  }

  return {
    charge: createCharge(pool, slow_ms, present),
    confirm: createConfirm(pool, slow_ms, present),
    find,
    cancel: createCancel(pool),
    refund: createRefund(pool),
    journal: (after = 0, limit = 1_000, within?: books.Within): Promise<JournalLine[]> =>
      books.readJournal(pool, after, limit, within),
    /** Writes down what the bank has decided by now; returns how many intents that were. */
    settleDue: async (limit = 50): Promise<number> => {
      if (!(await books.isAnyDue(pool))) return 0
      return inTransaction(pool, async (client) => {
        const due = await books.lockDue(client, limit)
        for (const intent of due) await settle(client, intent)
        return due.length
      })
    },
    outbox: createOutbox(pool),
  }
}

export type MockLedger = ReturnType<typeof createMockLedger>
