import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

/** Overdue orders that no payment is under way for, locked whole; another sweeper's are passed over. */
export const lockOverdueOrders = async (db: Db, limit: number): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`
    select o.id from orders o
    where o.status = 'pending' and o.expires_at <= app.now()
      and not exists (select from payments p where p.order_id = o.id and p.status = 'pending')
    order by o.expires_at
    limit ${limit}
    for update of o skip locked`.execute(db)
  return rows.map(({ id }) => id)
}

/** Payments without an ending whose order is past its deadline. */
export const findOverduePayments = async (db: Db, limit: number): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`
    select p.id from payments p join orders o on o.id = p.order_id
    where p.status = 'pending' and p.is_external and o.expires_at <= app.now()
    order by p.last_asked_at nulls first
    limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Of these locked orders, those without a payment under way: a look with fresh eyes, after the lock was had. */
export const withoutPayment = async (db: Db, orderIds: number[]): Promise<number[]> => {
  if (orderIds.length === 0) return []
  const { rows } = await sql<{ id: number }>`
    select o.id from orders o
    where o.id = any(${orderIds}) and not exists (select from payments p where p.order_id = o.id and p.status = 'pending')`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

export const isOrderOverdue = async (db: Db, orderId: number): Promise<boolean> => {
  const { rows } = await sql<{
    is_overdue: boolean
  }>`select expires_at <= app.now() as is_overdue from orders where id = ${orderId}`.execute(db)
  return rows[0]?.is_overdue ?? true
}
