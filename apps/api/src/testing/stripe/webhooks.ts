import Stripe from 'stripe'

import type { Faults } from '#modules/payments/providers/mock/faults.ts'
import { fixtures, newId, type Tell } from './objects.ts'

export type Delivery = { event: Stripe.Event; body: string; about: string; attempts: number }
type Options = {
  /** Where Marquee takes webhooks; without one nobody is told. */
  target: string | undefined
  secrets: readonly string[]
  now: () => number
  faults: Faults
}

const DELAY_MS = 1_000
const REORDER_MS = 5_000
const BACKOFF_MS = 500
const MOST_ATTEMPTS = 12
const TIMEOUT_MS = 10_000

/** One `v1` for each secret, as Stripe does while an endpoint's secret is rotated. */
export const signFor = (body: string, secrets: readonly string[], timestamp: number): string =>
  secrets
    .map((secret) => Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }))
    .map((header, at) => (at === 0 ? header : header.slice(header.indexOf('v1='))))
    .join(',')

/** Tells of every event, again until it is heard, and misbehaves on order. */
export const createTelling = ({ target, secrets, now, faults }: Options) => {
  const sent: Delivery[] = []
  const heldBack = new Map<string, Delivery>()
  const waiting = new Set<Promise<void>>()
  let isClosed = false

  const post = async ({ body }: Delivery): Promise<boolean> => {
    if (target === undefined) return true
    const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signFor(body, secrets, now()) }
    const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) }
    const response = await fetch(target, init).catch(() => undefined)
    await response?.body?.cancel()
    return response?.ok ?? false
  }

  const later = (delivery: Delivery, ms: number) => void setTimeout(() => void track(send(delivery)), ms).unref()

  const send = async (delivery: Delivery): Promise<void> => {
    if (isClosed) return
    delivery.attempts += 1
    if (!(await post(delivery))) {
      if (delivery.attempts < MOST_ATTEMPTS) later(delivery, Math.min(BACKOFF_MS * 2 ** (delivery.attempts - 1), 20_000))
      return
    }
    sent.push(delivery)
    const held = heldBack.get(delivery.about)
    heldBack.delete(delivery.about)
    if (held && held !== delivery) await send(held)
  }

  const track = (work: Promise<void>) => {
    waiting.add(work)
    return work.finally(() => waiting.delete(work))
  }

  const deliver = async (delivery: Delivery) => {
    const fault = faults.forWebhook()
    if (fault?.webhooks === 'drop') return undefined
    if (fault?.webhooks === 'delay') return later(delivery, fault.ms ?? DELAY_MS)
    if (fault?.webhooks === 'reorder') {
      heldBack.set(delivery.about, delivery)
      setTimeout(() => heldBack.get(delivery.about) === delivery && void track(send(delivery)), fault.ms ?? REORDER_MS).unref()
      return undefined
    }
    await send(delivery)
    if (fault?.webhooks === 'duplicate') await send({ ...delivery })
    return undefined
  }

  const tell: Tell = (type, object, about) => {
    const event = {
      ...structuredClone(fixtures.event),
      id: newId('evt'),
      type,
      created: now(),
      data: { object: structuredClone(object) },
    } as Stripe.Event
    void track(deliver({ event, body: JSON.stringify(event), about, attempts: 0 }))
  }

  return {
    tell,
    /** What was heard, in that order. */
    sent,
    close: async () => {
      isClosed = true
      await Promise.all(waiting)
    },
  }
}
