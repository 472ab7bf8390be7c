import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'

/** Pending orders in time with a seat in this session, locked in id order. The caller has locked the session. */
export const lockHoldingOrders = async (tx: Tx, sessionId: number): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`
    select o.id from orders o
    where o.status = 'pending' and o.expires_at > app.now()
      and o.id in (select t.order_id from tickets t where t.session_id = ${sessionId} and t.status = 'reserved')
    order by o.id
    for update`.execute(tx)
  return rows.map(({ id }) => id)
}

export const findReserved = async (tx: Tx, sessionId: number, orderIds: number[]): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`
    select id from tickets
    where session_id = ${sessionId} and status = 'reserved' and order_id = any(${orderIds}) order by id for update`.execute(tx)
  return rows.map(({ id }) => id)
}

type Tickets = { ever: number; sold: number; paid: number }

/** Tickets of a session: those there ever were, those sold, and those of the sold that nobody has walked in with. */
export const countTickets = async (db: Db, sessionId: number): Promise<Tickets> => {
  const { rows } = await sql<Tickets>`
    select count(*) as ever, count(*) filter (where status in ('paid', 'used')) as sold, count(*) filter (where status = 'paid') as paid
    from tickets where session_id = ${sessionId}`.execute(db)
  return rows[0] ?? { ever: 0, sold: 0, paid: 0 }
}

/** The next order after this one with a paid ticket of the session. */
export const findNextHolder = async (db: Db, sessionId: number, after: number): Promise<number | undefined> => {
  const { rows } = await sql<{ order_id: number }>`
    select order_id from tickets where session_id = ${sessionId} and status = 'paid' and order_id > ${after}
    order by order_id limit 1`.execute(db)
  return rows[0]?.order_id
}

type Refunds = { pending: number; success: number; failed: number }

/** The refunds that this cancellation has caused. */
export const countRefunds = async (db: Db, sessionId: number, since: Date): Promise<Refunds> => {
  const { rows } = await sql<Refunds>`
    select count(*) filter (where r.status = 'pending') as pending, count(*) filter (where r.status = 'success') as success,
      count(*) filter (where r.status = 'failed') as failed
    from refunds r
    where r.created_at >= ${since} and r.id in (
      select ri.refund_id from refund_items ri join order_items i on i.id = ri.order_item_id
      where i.session_id = ${sessionId} and i.canceled_at is not null)`.execute(db)
  return rows[0] ?? { pending: 0, success: 0, failed: 0 }
}

/** Tickets that open the door to a session, locked in id order. */
export const lockIssued = async (tx: Tx, sessionId: number) => {
  const { rows } = await sql<{ id: number; seat_id: number; order_id: number; status: 'paid' | 'used' }>`
    select id, seat_id, order_id, status from tickets
    where session_id = ${sessionId} and status in ('paid', 'used') order by id for update`.execute(tx)
  return rows
}
