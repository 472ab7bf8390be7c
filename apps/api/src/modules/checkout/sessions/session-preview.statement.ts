import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

export type Affected = { orders: number; holders: number; paid: number; used: number; held: number; pending_orders: number }

const live = (sessionId: number): RawBuilder<unknown> => sql`
  tickets t join orders o on o.id = t.order_id
  where t.session_id = ${sessionId} and (t.status in ('paid', 'used') or t.status = 'reserved' and o.status = 'pending' and o.expires_at > app.now())`

/** Whom a change of a session concerns: orders and holders of sold tickets, and those who are about to buy some. */
export const countAffected = async (db: Db, sessionId: number): Promise<Affected> => {
  const { rows } = await sql<Affected>`
    select count(distinct o.id) filter (where t.status <> 'reserved') as orders,
      count(distinct coalesce(o.user_id::text, o.guest_id::text)) filter (where t.status <> 'reserved') as holders,
      count(*) filter (where t.status = 'paid') as paid, count(*) filter (where t.status = 'used') as used,
      count(*) filter (where t.status = 'reserved') as held,
      count(distinct o.id) filter (where t.status = 'reserved') as pending_orders
    from ${live(sessionId)}`.execute(db)
  return rows[0] ?? { orders: 0, holders: 0, paid: 0, used: 0, held: 0, pending_orders: 0 }
}

/** Money of orders with seats in a session of which nobody knows yet whether it comes. */
export const findInFlight = async (db: Db, sessionId: number): Promise<{ payments: number; amount: number }> => {
  const { rows } = await sql<{ payments: number; amount: number }>`
    select count(*) as payments, coalesce(sum(p.amount_minor), 0) / 100.0::float8 as amount from payments p
    where p.status = 'pending' and p.is_external and p.order_id in (select t.order_id from tickets t where t.session_id = ${sessionId})`.execute(
    db,
  )
  return rows[0] ?? { payments: 0, amount: 0 }
}

/** Orders with paid tickets in a session, and these tickets, by order id. */
export const findPaidOrders = async (db: Db, sessionId: number): Promise<{ order_id: number; ticket_ids: number[] }[]> => {
  const { rows } = await sql<{ order_id: number; ticket_ids: number[] }>`
    select order_id, array_agg(id order by id) as ticket_ids from tickets
    where session_id = ${sessionId} and status = 'paid' group by order_id order by order_id`.execute(db)
  return rows
}

export type Overlap = {
  order_id: number
  tickets: number
  session_id: number
  movie_title: string
  start_time: Date
  end_time: Date
}

/** Other sessions that holders of this one have tickets for and that go on at the same time then. */
export const findOverlaps = async (db: Db, sessionId: number, { start, end }: { start: Date; end: Date }): Promise<Overlap[]> => {
  const { rows } = await sql<Overlap>`
    select mine.order_id, mine.tickets, s.id as session_id, m.title as movie_title, s.start_time, s.end_time
    from (
      select o.id as order_id, o.user_id, o.guest_id, count(*) as tickets
      from ${live(sessionId)} and t.status <> 'reserved' group by o.id
    ) mine
    join lateral (
      select distinct t.session_id from orders o join tickets t on t.order_id = o.id and t.status in ('paid', 'used')
      where (o.user_id = mine.user_id or o.guest_id = mine.guest_id) and t.session_id <> ${sessionId}
    ) other on true
    join sessions s on s.id = other.session_id and s.status <> 'cancelled'
      and tstzrange(s.start_time, s.end_time) && tstzrange(${start}::timestamptz, ${end}::timestamptz)
    join movies m on m.id = s.movie_id
    order by mine.order_id, s.id`.execute(db)
  return rows
}
