import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

/** Whether one of these sessions starts too soon for its tickets to be given back; a cancelled one never does, a moved one when it starts. */
export const isPastCutoff = async (db: Db, sessionIds: number[], cutoffMinutes: number): Promise<boolean> => {
  const { rows } = await sql<{ is_late: boolean }>`
    select exists (
      select from sessions
      where id = any(${sessionIds}) and status <> 'cancelled'
        and start_time <= app.now() + make_interval(mins => case status when 'rescheduled' then 0 else ${cutoffMinutes}::int end)
    ) as is_late`.execute(db)
  return rows[0]?.is_late ?? false
}

/** The tickets whose money a refund gives back. */
export const findRefundedTickets = async (db: Db, refundId: number): Promise<number[]> => {
  const { rows } = await sql<{ ticket_id: number }>`
    select i.ticket_id from refund_items ri join order_items i on i.id = ri.order_item_id
    where ri.refund_id = ${refundId} and i.ticket_id is not null`.execute(db)
  return rows.map(({ ticket_id }) => ticket_id)
}
