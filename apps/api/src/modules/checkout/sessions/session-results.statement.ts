import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { RefundStatus } from '#platform/db/types.gen.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'
import { money } from '#platform/money.ts'

export const byOrder: Order = { keys: [{ by: sql`x.order_id`, as: 'integer' }], falling: false }

/** Failed before pending: whoever looks after a cancellation must see that first. */
const WORST = sql.raw(`case when bool_or(r.status = 'failed') then 'failed' when bool_or(r.status = 'pending') then 'pending'
  when count(r.id) > 0 then 'success' end`)

/** Each order that had, or has, paid tickets when its session was cancelled, with what came of its money. */
const results = (db: Db, sessionId: number, status: RefundStatus | undefined) => {
  const rows = db.selectFrom(
    sql<{
      order_id: number
      order_reference: string
      tickets: number
      left: number
      refund_minor: number
      refund_status: RefundStatus | null
      failure_code: string | null
    }>`(
      with cancelled as (
        select t.order_id, count(*) as tickets, count(*) filter (where t.status = 'paid') as "left",
          array_agg(distinct i.cancellation_id) filter (where i.cancellation_id is not null) as cancellations
        from session_cancellations c
        join tickets t on t.session_id = c.session_id
        join order_items i on i.ticket_id = t.id
        where c.session_id = ${sessionId} and (t.status = 'paid' or i.canceled_at >= c.created_at and i.cancellation_id is not null)
        group by t.order_id
      )
      select w.order_id, o.reference as order_reference, w.tickets, w."left", coalesce(sum(r.amount_minor), 0)::bigint as refund_minor,
        ${WORST} as refund_status, max(r.failure_code) filter (where r.status = 'failed') as failure_code
      from cancelled w join orders o on o.id = w.order_id left join refunds r on r.cancellation_id = any(w.cancellations)
      group by w.order_id, o.reference, w.tickets, w."left"
    )`.as('x'),
  )
  return status === undefined ? rows : rows.where(sql<boolean>`x.refund_status = ${status}`)
}

export const findResults = (db: Db, sessionId: number, status: RefundStatus | undefined, page: CursorPage) => {
  const rows = results(db, sessionId, status)
  const shown = rows
    .select(['x.order_id', 'x.order_reference', 'x.tickets', 'x.left', 'x.refund_status', 'x.failure_code'])
    .select(money('x.refund_minor').as('refund'))
  return Promise.all([cut(shown.select(cursorKey(byOrder)), byOrder, page).execute(), countFor(db, rows, page)])
}

/** The refunds of a cancelled session that the provider refused, after this one. */
export const findFailedRefunds = async (db: Db, sessionId: number, after: number, limit: number) => {
  const { rows } = await sql<{ id: number; payment_id: number; failure_code: string | null }>`
    select distinct r.id, r.payment_id, r.failure_code from session_cancellations c
    join order_items i on i.session_id = c.session_id and i.canceled_at >= c.created_at
    join refunds r on r.cancellation_id = i.cancellation_id
    where c.session_id = ${sessionId} and r.status = 'failed' and r.id > ${after} order by r.id limit ${limit}`.execute(db)
  return rows
}
