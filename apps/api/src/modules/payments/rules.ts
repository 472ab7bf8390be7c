import { sql } from 'kysely'

import type { PaymentStatus, RefundStatus } from '#platform/db/types.gen.ts'

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

/** A refund that the provider refused may be tried again; one that it gave stays given. */
export const refundTransitions = {
  pending: ['success', 'failed'],
  failed: ['pending'],
  success: [],
} as const satisfies Record<RefundStatus, readonly RefundStatus[]>

export type RefundPart = { order_item_id: number; amount_minor: number }
/** What one payment gives back: of items, and beside them of fees and tax. */
export type RefundShare = { payment_id: number; amount_minor: number; fees_minor: number; parts: RefundPart[] }
type Pot = { id: number; left_minor: number }

/** Takes what is owed out of payments in their order, none beyond what it has left; those that give nothing are left out. */
const takeFrom = (pots: Pot[], { items, fees_minor }: { items: RefundPart[]; fees_minor: number }): RefundShare[] => {
  const shares = pots.map(({ id, left_minor }) => ({
    left_minor,
    share: { payment_id: id, amount_minor: 0, fees_minor: 0, parts: [] as RefundPart[] },
  }))
  const take = (owed: number, note: (share: RefundShare, amount_minor: number) => void) => {
    let rest = owed
    for (const one of shares) {
      const amount_minor = Math.min(rest, one.left_minor)
      if (amount_minor === 0) continue
      one.left_minor -= amount_minor
      one.share.amount_minor += amount_minor
      rest -= amount_minor
      note(one.share, amount_minor)
    }
    if (rest > 0) throw new Error(`${rest} more is owed than was captured.`)
  }
  for (const { order_item_id, amount_minor: owed } of items)
    take(owed, ({ parts }, amount_minor) => parts.push({ order_item_id, amount_minor }))
  take(fees_minor, (share, amount_minor) => {
    share.fees_minor += amount_minor
  })
  return shares.map(({ share }) => share).filter(({ amount_minor }) => amount_minor > 0)
}

/**
 * Which payment paid how much of which item: the oldest pays first. What is left beside the items paid for fees; a payment
 * that paid for nothing else is noted with an item all the same, so that it is known to have paid for the order.
 */
export const sharePaid = (items: { id: number; total_minor: number }[], payments: { id: number; amount_minor: number }[]) => {
  const shares = takeFrom(
    payments.map(({ id, amount_minor }) => ({ id, left_minor: amount_minor })),
    { items: items.map(({ id, total_minor }) => ({ order_item_id: id, amount_minor: total_minor })), fees_minor: 0 },
  )
  const [first] = items
  return payments.flatMap(({ id: payment_id }) => {
    const none = first ? [{ order_item_id: first.id, amount_minor: 0 }] : []
    const parts = shares.find((share) => share.payment_id === payment_id)?.parts ?? none
    return parts.map((part) => ({ payment_id, ...part }))
  })
}

/** Which payment gives back how much of what: the newest first, because banks take money back for a limited time only. */
export const shareRefund = (owed: { items: RefundPart[]; fees_minor: number }, payments: Pot[]): RefundShare[] =>
  takeFrom(
    payments.toSorted((a, b) => b.id - a.id),
    owed,
  )
