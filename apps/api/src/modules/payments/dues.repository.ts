import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

/** Owes a receipt for every payment that has paid for something of an order. */
export const oweReceipts = (db: Db, orderId: number) =>
  sql`
    insert into receipt_dues (payment_id)
    select p.id from payments p
    where p.order_id = ${orderId} and p.amount_minor > 0 and exists (select from payment_items i where i.payment_id = p.id)
    order by p.id on conflict do nothing`.execute(db)

/** Owes a credit note for money that went back; what had never paid for anything needs none. */
export const oweCreditNote = (db: Db, refundId: number) =>
  sql`
    insert into receipt_dues (refund_id)
    select r.id from refunds r
    where r.id = ${refundId} and exists (select from payment_items i where i.payment_id = r.payment_id) on conflict do nothing`.execute(
    db,
  )
