import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

/** Keeps beside an order under which terms tickets of one more session go back; those it has stay as they are. */
export const keepTerms = (db: Db, id: number, terms: { cancellation: Record<number, object> }) =>
  db
    .updateTable('orders')
    .set({
      rules: sql`rules || jsonb_build_object('cancellation',
        ${JSON.stringify(terms.cancellation)}::jsonb || coalesce(rules -> 'cancellation', '{}'))`,
    })
    .where('id', '=', id)
    .execute()

export type NewCancellation = {
  order_id: number
  actor: string
  reason: string | null
  is_beyond_policy: boolean
  items_minor: number
  fees_minor: number
  tax_minor: number
  kept_fees_minor: number
  kept_tax_minor: number
  lost_discount_minor: number
  charge_minor: number
  refund_minor: number
}

export const insertCancellation = async (db: Db, cancellation: NewCancellation): Promise<number> =>
  (await db.insertInto('cancellations').values(cancellation).returning('id').executeTakeFirstOrThrow()).id

/** Marks paid items as given up. */
export const cancelItems = (db: Db, ticketIds: number[], cancellation_id: number) =>
  db
    .updateTable('order_items')
    .set({ canceled_at: sql<Date>`app.now()`, cancellation_id })
    .where('ticket_id', 'in', ticketIds)
    .where('canceled_at', 'is', null)
    .execute()
