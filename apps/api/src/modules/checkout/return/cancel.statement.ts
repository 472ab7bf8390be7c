import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

/** The tickets whose money a refund gives back. */
export const findRefundedTickets = async (db: Db, refundId: number): Promise<number[]> => {
  const { rows } = await sql<{ ticket_id: number }>`
    select i.ticket_id from refund_items ri join order_items i on i.id = ri.order_item_id
    where ri.refund_id = ${refundId} and i.ticket_id is not null`.execute(db)
  return rows.map(({ ticket_id }) => ticket_id)
}
