import { sql } from 'kysely'

import { type Db, violated } from '#platform/db/kysely.ts'
import type { PaymentStatus, RefundStatus } from '#platform/db/types.gen.ts'
import { money } from '#platform/money.ts'
import { sourcesOf } from '#platform/transitions.ts'
import { oweCreditNote } from './dues.repository.ts'
import { refundRoomTaken, refundTooLarge } from './errors.ts'
import { givenBack, refundTransitions, transitions } from './rules.ts'
import type { RefundSummary } from './schemas.ts'

const refundable = (db: Db, orderId: number) =>
  db
    .selectFrom('payments as p')
    .select(['p.id', 'p.provider', 'p.method', sql<number>`p.amount_minor - ${givenBack}`.as('left_minor')])
    .where('p.order_id', '=', orderId)
    .where('p.status', 'in', ['success', 'partially_refunded'])
    // Money that never paid for anything goes back on its own, whole.
    .where((eb) => eb.exists(eb.selectFrom('payment_items as pi').select('pi.payment_id').whereRef('pi.payment_id', '=', 'p.id')))
    .orderBy('p.id')

/** What can still be given back of each captured payment of an order. */
export const findRefundable = (db: Db, orderId: number) => refundable(db, orderId).execute()
export const lockRefundable = (db: Db, orderId: number) => refundable(db, orderId).forUpdate('p').execute()

export type NewRefund = {
  payment_id: number
  amount_minor: number
  fees_minor: number
  cancellation_id: number | null
  reason: string
}

const isTooLarge = (error: unknown) => violated(error) === 'refunds_within_payment'

/** The database refuses what is more than the payment has left: `refunds.too_large`. */
export const insertRefund = async (db: Db, refund: NewRefund): Promise<{ id: number }> => {
  try {
    return await db.insertInto('refunds').values(refund).returning('id').executeTakeFirstOrThrow()
  } catch (error) {
    throw isTooLarge(error) ? refundTooLarge() : error
  }
}

export const insertRefundItems = (db: Db, items: { refund_id: number; order_item_id: number; amount_minor: number }[]) =>
  db.insertInto('refund_items').values(items).execute()

export const lockRefund = (db: Db, id: number) =>
  db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select(['r.id', 'r.status', 'r.amount_minor', 'r.payment_id', 'p.provider_reference', 'p.order_id'])
    .where('r.id', '=', id)
    .forUpdate(['p', 'r'])
    .executeTakeFirst()

/** A refund with whoever gives the money: of money that came from an earlier order, the provider that took it there. */
export const findRefundForProvider = (db: Db, id: number) =>
  db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .leftJoin('exchange_credits as c', 'c.payment_id', 'p.id')
    .innerJoin('payments as source', 'source.id', sql<number>`coalesce(c.source_payment_id, p.id)` as never)
    .select(['r.id', 'r.status', 'r.amount_minor', 'r.payment_id', 'r.provider_reference as refund_reference'])
    .select(['source.provider', 'source.provider_reference', 'p.order_id'])
    .where('r.id', '=', id)
    .executeTakeFirst()

/** A failed one forgets its name at the provider, so that a new try is a new refund there. */
type Ending =
  | { status: 'success'; provider_reference: string }
  | { status: 'failed'; failure_code: string; provider_reference: null }

/** Takes one step of the state machine. Money that was given stays given, whatever was thought of it before. */
export const endRefund = async (db: Db, id: number, ending: Ending): Promise<boolean> => {
  const sources: RefundStatus[] =
    ending.status === 'success' ? ['pending', 'failed'] : sourcesOf(refundTransitions, ending.status)
  const { numUpdatedRows } = await db
    .updateTable('refunds')
    .set({ failure_code: null, ...ending, attempts: sql<number>`attempts + 1` })
    .where('id', '=', id)
    .where('status', 'in', sources)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return false
  if (ending.status === 'success') await oweCreditNote(db, id)
  return true
}

/** Owes again what the provider had refused; false when it had not. `refunds.room_taken` when the money has gone another way since. */
export const reopenRefund = async (db: Db, id: number): Promise<boolean> => {
  try {
    const { numUpdatedRows } = await db
      .updateTable('refunds')
      .set({ status: 'pending', failure_code: null, retries: sql<number>`retries + 1` })
      .where('id', '=', id)
      .where('status', 'in', sourcesOf(refundTransitions, 'pending'))
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  } catch (error) {
    throw isTooLarge(error) ? refundRoomTaken() : error
  }
}

/** The provider has it and will say later whether the money arrived. */
export const noteRefundUnderWay = (db: Db, id: number, provider_reference: string) =>
  db
    .updateTable('refunds')
    .set({ provider_reference, attempts: sql<number>`attempts + 1` })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute()

const summaries = (db: Db) =>
  db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select(['r.id', 'r.payment_id', 'r.status', 'r.reason', 'r.created_at', money('r.amount_minor').as('amount')])
    .orderBy('r.id')

/** Of several orders, each with the one it belongs to. */
export const findRefundsByOrders = (db: Db, orderIds: number[]): Promise<(RefundSummary & { order_id: number })[]> =>
  summaries(db).select('p.order_id').where('p.order_id', 'in', orderIds).execute()

export const findRefunds = (db: Db, orderId: number, ticketId?: number): Promise<RefundSummary[]> => {
  const query = summaries(db).where('p.order_id', '=', orderId)
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

export const noteRefundTried = (db: Db, id: number, failure_code?: string) =>
  db
    .updateTable('refunds')
    .set({ attempts: sql<number>`attempts + 1`, ...(failure_code !== undefined && { failure_code }) })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute()

/** What came of a payment of which money was given back. */
export const noteReturned = (db: Db, id: number) =>
  db
    .updateTable('payments as p')
    .set({
      status: sql<PaymentStatus>`case when p.amount_minor <= (
        select sum(r.amount_minor) from refunds r where r.payment_id = p.id and r.status = 'success'
      ) then 'refunded'::payment_status else 'partially_refunded' end`,
    })
    .where('p.id', '=', id)
    .where('p.status', 'in', sourcesOf(transitions, 'partially_refunded'))
    .execute()
