import type { ApiError } from '#lib/api.ts'
import type { Order } from './api.ts'

/** What a try to pay has come to, as far as the buyer must know. */
export type Outcome =
  | { kind: 'paid' }
  | { kind: 'checking'; offline: boolean }
  | { kind: 'declined'; reason: string; recommendation: string }
  | { kind: 'price'; amount: number }
  | { kind: 'expired' }
  | { kind: 'session'; started: boolean }
  | { kind: 'signed_out' }
  | { kind: 'email'; wrong: boolean }
  | { kind: 'unavailable' }
  | { kind: 'failed' }

/** Of a payment that waits for its card in the browser, be it that a bank's page was opened for it and left. */
export const secretToConfirm = ({ payments }: Pick<Order, 'payments'>): string | undefined =>
  payments.find(({ status, next_action }) => status === 'pending' && (next_action === 'confirm' || next_action === 'redirect'))
    ?.client_secret ?? undefined

const text = (value: unknown) => (typeof value === 'string' ? value : '')

const OVER = new Set(['orders.hold_expired', 'orders.canceled', 'orders.expired', 'orders.not_pending', 'orders.not_found'])
const STARTED = new Set(['sessions.started', 'sessions.finished', 'sessions.not_on_sale'])

/**
 * Whether money moved is unknown when no answer came, or the server broke while answering: then the order is asked and
 * nothing is charged again. A refusal with a name charged nothing.
 */
export const outcomeOf = ({ status, code, data, errors }: ApiError): Outcome => {
  if (status === 0) return { kind: 'checking', offline: true }
  if (code === 'orders.already_paid') return { kind: 'paid' }
  if (code === 'orders.payment_in_progress' || code === 'request.in_flight') return { kind: 'checking', offline: false }
  if (status === 402)
    return { kind: 'declined', reason: code.replace('payments.', ''), recommendation: text(data['recommendation']) }
  if (code === 'orders.price_changed' && typeof data['amount_due'] === 'number')
    return { kind: 'price', amount: data['amount_due'] }
  if (OVER.has(code)) return { kind: 'expired' }
  if (code === 'sessions.cancelled') return { kind: 'session', started: false }
  if (STARTED.has(code)) return { kind: 'session', started: true }
  if (status === 401) return { kind: 'signed_out' }
  if (code === 'orders.email_required') return { kind: 'email', wrong: false }
  if (status === 422 && errors.some(({ pointer }) => pointer === '/email')) return { kind: 'email', wrong: true }
  if (code === 'payments.unavailable' || status === 429) return { kind: 'unavailable' }
  return status >= 500 ? { kind: 'checking', offline: false } : { kind: 'failed' }
}
