import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import * as refunds from './refunds.repository.ts'
import type { RefundShare } from './rules.ts'

/** Money of an earlier order that pays for a later one: in the books of both, and moved by nobody. */
export const EXCHANGE = 'exchange'

type Credit = { shares: RefundShare[]; to_order_id: number; cancellation_id: number; reason: string }

const insertPayment = async (db: Db, orderId: number, refundId: number): Promise<number> => {
  const { rows } = await sql<{ id: number }>`
    insert into payments (order_id, provider, method, amount_minor, currency, status, is_external, provider_reference, captured_at)
    select ${orderId}, ${EXCHANGE}, p.method, r.amount_minor, p.currency, 'success', false, 'exchange_' || r.id, app.now()
    from refunds r join payments p on p.id = r.payment_id where r.id = ${refundId}
    returning id`.execute(db)
  return rows[0]?.id ?? 0
}

/** Takes shares out of the payments of one order and makes payments of another of them, on the caller's transaction. */
export const moveCredit = async (tx: Db, { shares, to_order_id, cancellation_id, reason }: Credit): Promise<void> => {
  for (const { parts, ...share } of shares) {
    const { id: refund_id } = await refunds.insertRefund(tx, { ...share, cancellation_id, reason })
    const items = parts.map((part) => ({ ...part, refund_id }))
    if (items.length > 0) await refunds.insertRefundItems(tx, items)
    await refunds.endRefund(tx, refund_id, { status: 'success', provider_reference: `exchange_${refund_id}` })
    await refunds.noteReturned(tx, share.payment_id)
    const payment_id = await insertPayment(tx, to_order_id, refund_id)
    await sql`
      insert into exchange_credits (payment_id, refund_id, source_payment_id)
      values (${payment_id}, ${refund_id},
        coalesce((select source_payment_id from exchange_credits where payment_id = ${share.payment_id}), ${share.payment_id}))`.execute(
      tx,
    )
  }
}
