import { sql } from 'kysely'

import type { PaymentStatus } from '#platform/db/types.gen.ts'

/** The provider has the last word: what we took for failed or canceled may still turn out to have succeeded. */
export const transitions = {
  pending: ['success', 'failed', 'canceled'],
  failed: ['success'],
  canceled: ['success'],
  success: ['partially_refunded', 'refunded'],
  partially_refunded: ['partially_refunded', 'refunded'],
  refunded: [],
} as const satisfies Record<PaymentStatus, readonly PaymentStatus[]>

/** What of a payment `p` has been given back, or is on its way. */
export const givenBack = sql<number>`coalesce((select sum(r.amount_minor) from refunds r where r.payment_id = p.id and r.status <> 'failed'), 0)`

export type RefundPart = { order_item_id: number; amount_minor: number }

/**
 * Which payment paid how much of which item: the oldest pays first. What is left beside the items paid for fees; a payment
 * that paid for nothing else is noted with an item all the same, so that it is known to have paid for the order.
 */
export const sharePaid = (items: { id: number; total_minor: number }[], payments: { id: number; amount_minor: number }[]) => {
  const shares = shareRefund(
    items,
    payments.map(({ id, amount_minor }) => ({ id, left_minor: amount_minor })),
  )
  const [first] = items
  return payments.flatMap(({ id: payment_id }) => {
    const parts = shares.get(payment_id) ?? (first ? [{ order_item_id: first.id, amount_minor: 0 }] : [])
    return parts.map((part) => ({ payment_id, ...part }))
  })
}

/** Which payment gives back how much of which item: oldest payment first, none beyond what it has left. */
export const shareRefund = (
  items: { id: number; total_minor: number }[],
  payments: { id: number; left_minor: number }[],
): Map<number, RefundPart[]> => {
  const left = new Map(payments.map(({ id, left_minor }) => [id, left_minor]))
  const shares = new Map<number, RefundPart[]>()
  for (const { id: order_item_id, total_minor } of items) {
    let owed = total_minor
    for (const [payment, left_minor] of left) {
      const amount_minor = Math.min(owed, left_minor)
      if (amount_minor === 0) continue
      shares.set(payment, [...(shares.get(payment) ?? []), { order_item_id, amount_minor }])
      left.set(payment, left_minor - amount_minor)
      owed -= amount_minor
    }
    if (owed > 0) throw new Error(`${owed} more is owed than was captured.`)
  }
  return shares
}
