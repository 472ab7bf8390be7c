import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'

import { api, isApiError, unwrap } from '#lib/api.ts'
import { orderByReference, type Order } from './api.ts'
import { closeAttempt, openAttempt, startAttempt } from './pay-attempt.ts'
import { outcomeOf, type Outcome, secretToConfirm } from './pay-outcome.ts'

const POLL_MS = 2000

/** Shows a card to the provider in the browser; undefined when the buyer has to change something first. */
export type ConfirmCard = (client_secret: string) => Promise<Outcome | undefined>

type Request = {
  card_token: string | undefined
  amount: number
  email?: string | undefined
  confirm?: ConfirmCard | undefined
}

/**
 * `POST /payments/checkout-session` would tell on which page to pay: that is this one. It is for whoever sends buyers here,
 * and would begin a payment before this buyer has agreed to its amount.
 */
const charge = async (
  order: Order,
  orderKey: string | undefined,
  { card_token, amount, email, confirm }: Request,
): Promise<Outcome | undefined> => {
  const attempt = startAttempt(order.id, card_token ?? '', amount)
  try {
    // Nobody becomes a new guest here: the order would not be theirs.
    const payment = await unwrap(
      api.POST('/api/v1/orders/{id}/pay', {
        params: { path: { id: order.id }, header: { 'idempotency-key': attempt.key } },
        ...(orderKey !== undefined && { headers: { 'x-order-key': orderKey } }),
        body: { payment_method: 'card', amount, ...(card_token !== undefined && { card_token }), ...(email ? { email } : {}) },
      }),
    )
    if (payment.status === 'success') {
      closeAttempt(order.id)
      return { kind: 'paid' }
    }
    const secret = secretToConfirm({ payments: [payment] })
    if (confirm && secret !== undefined) {
      closeAttempt(order.id)
      return await confirm(secret)
    }
    if (payment.redirect_url !== null) location.assign(payment.redirect_url)
    return { kind: 'checking', offline: false }
  } catch (error) {
    if (!isApiError(error)) return { kind: 'failed' }
    const outcome = outcomeOf(error)
    if (outcome.kind !== 'checking') closeAttempt(order.id)
    return outcome
  }
}

/**
 * A payment under way is known from the order too: another tab, or this one before a reload. One that waits for its card to
 * be confirmed is not on its way, as far as we know (see stripe/use-begun.ts).
 */
const isUnderWay = ({ id, status, payments }: Order) =>
  status === 'pending' &&
  ((payments.some((payment) => payment.status === 'pending') && secretToConfirm({ payments }) === undefined) ||
    openAttempt(id) !== undefined)

/** The last word on an unknown outcome is the order's own. */
const readOutcome = (order: Order): Outcome | undefined => {
  if (order.status === 'paid' || order.status === 'partially_refunded') return { kind: 'paid' }
  if (order.status !== 'pending') return { kind: 'expired' }
  const [last] = order.payments.toSorted((a, b) => b.id - a.id)
  if (last?.status === 'pending') return undefined
  if (last?.status === 'failed') return { kind: 'declined', reason: last.failure_code ?? 'card_declined', recommendation: '' }
  // The request never arrived: nothing was charged, and paying again is safe.
  return { kind: 'failed' }
}

/** Pays an order once. While the outcome is unknown the order is asked, never the card. */
export const usePay = (order: Order, orderKey: string | undefined, onPaid: () => void) => {
  const client = useQueryClient()
  const [outcome, setOutcome] = useState<Outcome | undefined>(() =>
    isUnderWay(order) ? { kind: 'checking', offline: false } : undefined,
  )
  const [busy, setBusy] = useState(false)
  const checking = outcome?.kind === 'checking'

  const conclude = useCallback(
    (next: Outcome | undefined) => {
      setOutcome(next)
      if (next?.kind === 'paid') onPaid()
    },
    [onPaid],
  )

  useEffect(() => {
    if (!checking) return undefined
    let stopped = false
    const ask = async () => {
      try {
        const fresh = await client.query(orderByReference(order.reference, orderKey))
        const known = readOutcome(fresh)
        if (stopped || !known) return setOutcome((now) => (now?.kind === 'checking' ? { kind: 'checking', offline: false } : now))
        closeAttempt(order.id)
        return conclude(known)
      } catch {
        return setOutcome((now) => (now?.kind === 'checking' ? { kind: 'checking', offline: true } : now))
      }
    }
    const timer = setInterval(() => void ask(), POLL_MS)
    return () => {
      stopped = true
      clearInterval(timer)
    }
  }, [checking, client, order.reference, order.id, orderKey, conclude])

  const pay = async (request: Request) => {
    setBusy(true)
    setOutcome(undefined)
    conclude(await charge(order, orderKey, request))
    setBusy(false)
  }
  return { pay, busy, outcome, setOutcome }
}
