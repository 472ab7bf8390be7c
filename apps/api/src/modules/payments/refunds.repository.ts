import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { money } from '#platform/money.ts'
import { givenBack } from './rules.ts'
import type { RefundSummary } from './schemas.ts'

/** What can still be given back of each captured payment of an order, oldest first, locked. */
export const lockRefundable = (db: Db, orderId: number) =>
  db
    .selectFrom('payments as p')
    .select(['p.id', sql<number>`p.amount_minor - ${givenBack}`.as('left_minor')])
    .where('p.order_id', '=', orderId)
    .where('p.status', 'in', ['success', 'partially_refunded'])
    // Money that never paid for anything goes back on its own, whole.
    .where((eb) => eb.exists(eb.selectFrom('payment_items as pi').select('pi.payment_id').whereRef('pi.payment_id', '=', 'p.id')))
    .orderBy('p.id')
    .forUpdate('p')
    .execute()

export const insertRefund = (db: Db, refund: { payment_id: number; amount_minor: number; reason: string }) =>
  db.insertInto('refunds').values(refund).returning('id').executeTakeFirstOrThrow()

export const insertRefundItems = (db: Db, items: { refund_id: number; order_item_id: number; amount_minor: number }[]) =>
  db.insertInto('refund_items').values(items).execute()

export const lockRefund = (db: Db, id: number) =>
  db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select([
      'r.id',
      'r.status',
      'r.amount_minor',
      'r.payment_id',
      'p.provider_reference',
      'p.order_id',
      'p.amount_minor as captured_minor',
    ])
    .where('r.id', '=', id)
    .forUpdate(['p', 'r'])
    .executeTakeFirst()

export const findRefundForProvider = (db: Db, id: number) =>
  db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select(['r.id', 'r.status', 'r.amount_minor', 'r.payment_id', 'r.provider_reference as refund_reference'])
    .select(['p.provider', 'p.provider_reference', 'p.order_id'])
    .where('r.id', '=', id)
    .executeTakeFirst()

/** A failed one forgets its name at the provider, so that a new try is a new refund there. */
type Ending =
  | { status: 'success'; provider_reference: string }
  | { status: 'failed'; failure_code: string; provider_reference: null }

export const endRefund = (db: Db, id: number, ending: Ending) =>
  db
    .updateTable('refunds')
    .set({ ...ending, attempts: sql<number>`attempts + 1` })
    .where('id', '=', id)
    .where('status', '<>', 'success')
    .execute()

/** The provider has it and will say later whether the money arrived. */
export const noteRefundUnderWay = (db: Db, id: number, provider_reference: string) =>
  db
    .updateTable('refunds')
    .set({ provider_reference, attempts: sql<number>`attempts + 1` })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute()

export const sumRefunded = async (db: Db, paymentId: number): Promise<number> => {
  const { sum } = await db
    .selectFrom('refunds')
    .select(sql<number>`coalesce(sum(amount_minor), 0)`.as('sum'))
    .where('payment_id', '=', paymentId)
    .where('status', '=', 'success')
    .executeTakeFirstOrThrow()
  return sum
}

export const findRefunds = (db: Db, orderId: number, ticketId?: number): Promise<RefundSummary[]> => {
  const query = db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select(['r.id', 'r.payment_id', 'r.status', 'r.reason', 'r.created_at', money('r.amount_minor').as('amount')])
    .where('p.order_id', '=', orderId)
    .orderBy('r.id')
  if (ticketId === undefined) return query.execute()
  return query
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('refund_items as ri')
          .innerJoin('order_items as i', 'i.id', 'ri.order_item_id')
          .select('ri.refund_id')
          .whereRef('ri.refund_id', '=', 'r.id')
          .where('i.ticket_id', '=', ticketId),
      ),
    )
    .execute()
}

/** Refunds that are owed and that nobody has tried for a while: their job was lost or has given up. */
export const findForgottenRefunds = (db: Db, quietSeconds: number, limit: number) =>
  db
    .selectFrom('refunds')
    .select(['id', 'payment_id'])
    .where('status', '=', 'pending')
    .where(sql<boolean>`updated_at < app.now() - make_interval(secs => ${quietSeconds})`)
    .orderBy('updated_at')
    .limit(limit)
    .execute()

export const noteRefundTried = (db: Db, id: number) =>
  db
    .updateTable('refunds')
    .set({ attempts: sql<number>`attempts + 1` })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute()
