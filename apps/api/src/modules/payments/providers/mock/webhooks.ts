import { setTimeout as sleep } from 'node:timers/promises'

import type { Clock } from '#platform/clock.ts'
import type { Faults } from './faults.ts'
import type { MockLedger } from './ledger.ts'
import type { Outbox, PendingWebhook } from './outbox.ts'
import { SIGNATURE_HEADER, signWebhook } from './signature.ts'

const WEBHOOK_PATH = '/api/v1/payments/webhook'

type Options = {
  ledger: MockLedger
  /** Where Marquee is reached from outside: the origin, without the path. */
  publicUrl: string
  secrets: readonly string[]
  /** Signs with this time, so that a test that moves the clock still accepts the webhook. */
  clock: Clock
  faults?: Faults
  onError?: (error: unknown) => void
  poll_ms?: number
  timeout_ms?: number
  backoff_ms?: number
}

const AT_ONCE = 20
const MAX_ATTEMPTS = 20
const MAX_BACKOFF_MS = 120_000
const LEASE_MARGIN_MS = 5_000
const DELAY_MS = 1_000
const REORDER_MS = 5_000

type PostOptions = Pick<Options, 'publicUrl' | 'secrets' | 'clock'> & { timeout_ms: number }

const createPost =
  ({ publicUrl, secrets, clock, timeout_ms }: PostOptions) =>
  async ({ body }: PendingWebhook): Promise<boolean> => {
    const headers = { 'content-type': 'application/json', [SIGNATURE_HEADER]: signWebhook(secrets, body, clock.now()) }
    try {
      const signal = AbortSignal.timeout(timeout_ms)
      const response = await fetch(publicUrl + WEBHOOK_PATH, { method: 'POST', headers, body, signal, redirect: 'manual' })
      await response.body?.cancel()
      return response.ok
    } catch {
      return false
    }
  }

type DeliverOptions = {
  outbox: Outbox
  post: (webhook: PendingWebhook) => Promise<boolean>
  faults: Faults | undefined
  backoff_ms: number
}

const createDeliver = ({ outbox, post, faults, backoff_ms }: DeliverOptions) => {
  const heldBack = new Map<string, number>()

  const send = async (webhook: PendingWebhook, times: number) => {
    let received = false
    for (let time = 0; time < times; time += 1) received = (await post(webhook)) || received
    if (!received) return outbox.postpone(webhook.id, Math.min(backoff_ms * 2 ** (webhook.attempts - 1), MAX_BACKOFF_MS))
    await outbox.markSent(webhook.id)
    const held = heldBack.get(webhook.intent_id)
    heldBack.delete(webhook.intent_id)
    if (held !== undefined && held !== webhook.id) await outbox.postpone(held, 0)
  }

  return async (webhook: PendingWebhook): Promise<void> => {
    const fault = faults?.forWebhook()
    if (fault?.webhooks === 'drop') return outbox.markSent(webhook.id)
    if (fault?.webhooks === 'delay') return outbox.postpone(webhook.id, fault.ms ?? DELAY_MS)
    if (fault?.webhooks === 'reorder') {
      heldBack.set(webhook.intent_id, webhook.id)
      return outbox.postpone(webhook.id, fault.ms ?? REORDER_MS)
    }
    return send(webhook, fault?.webhooks === 'duplicate' ? 2 : 1)
  }
}

type TurnOptions = {
  ledger: MockLedger
  deliver: (webhook: PendingWebhook) => Promise<void>
  inFlight: Set<Promise<void>>
  lease_ms: number
  onError: (error: unknown) => void
}

/** Starts what is due and does not wait for it, so that one slow answer holds nobody else up. */
const createTurn =
  ({ ledger, deliver, inFlight, lease_ms, onError }: TurnOptions) =>
  async (): Promise<'busy' | 'idle'> => {
    const settled = await ledger.settleDue()
    const room = AT_ONCE - inFlight.size
    if (room === 0) return 'idle'
    const due = await ledger.outbox.claim(room, lease_ms, MAX_ATTEMPTS)
    for (const webhook of due) {
      const delivery: Promise<void> = deliver(webhook)
        .catch(onError)
        .finally(() => inFlight.delete(delivery))
      inFlight.add(delivery)
    }
    return settled + due.length > 0 ? 'busy' : 'idle'
  }

/**
 * Settles what the bank has decided and delivers webhooks, each at least once, in no promised order. Several
 * processes may pump the same tables. A delivery never happens inside a transaction.
 */
export const createWebhookPump = (options: Options) => {
  const { ledger, faults, onError = () => undefined, poll_ms = 200, timeout_ms = 10_000, backoff_ms = 500 } = options
  const deliver = createDeliver({ outbox: ledger.outbox, post: createPost({ ...options, timeout_ms }), faults, backoff_ms })
  const inFlight = new Set<Promise<void>>()
  // A doubled delivery may take two time-outs.
  const turn = createTurn({ ledger, deliver, inFlight, lease_ms: timeout_ms * 2 + LEASE_MARGIN_MS, onError })
  let stopping = new AbortController()
  let running: Promise<void> | undefined

  const run = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const state = await turn().catch((error: unknown) => onError(error))
      if (state !== 'busy') await sleep(poll_ms, undefined, { signal }).catch(() => undefined)
    }
  }

  return {
    start: (): void => {
      if (running) return
      stopping = new AbortController()
      running = run(stopping.signal)
    },
    /** Returns when nothing is under way any more. */
    stop: async (): Promise<void> => {
      stopping.abort()
      await running
      running = undefined
      await Promise.all(inFlight)
    },
  }
}
