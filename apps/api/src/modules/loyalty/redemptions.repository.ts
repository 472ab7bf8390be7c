import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'

export const findRedemption = (db: Db, order_id: number) =>
  db
    .selectFrom('loyalty_redemptions')
    .select(['user_id', 'points', 'amount_minor', 'state'])
    .where('order_id', '=', order_id)
    .where('state', '<>', 'released')
    .executeTakeFirst()

export const putRedemption = (tx: Tx, row: { order_id: number; user_id: number; points: number; amount_minor: number }) =>
  tx
    .insertInto('loyalty_redemptions')
    .values(row)
    .onConflict((conflict) => conflict.column('order_id').doUpdateSet({ ...row, state: 'reserved' }))
    .execute()

export const markRedemption = (tx: Tx, order_id: number, state: 'spent' | 'released') =>
  tx.updateTable('loyalty_redemptions').set({ state }).where('order_id', '=', order_id).execute()

/** Ends the reservations of orders; their owners' accounts in the order of their ids. */
export const endReserved = async (tx: Tx, orderIds: number[], state: 'lapsed' | 'released') => {
  await sql`
    with owners as materialized (
      select a.user_id from loyalty_accounts a
      where a.user_id in (select user_id from loyalty_redemptions where order_id = any(${orderIds}::bigint[]) and state = 'reserved')
      order by a.user_id for update
    ), ended as (
      update loyalty_redemptions r set state = ${state}::loyalty_redemption_state
      where r.order_id = any(${orderIds}::bigint[]) and r.state = 'reserved' and r.user_id in (select user_id from owners)
      returning r.user_id, r.points
    )
    update loyalty_accounts a set reserved = a.reserved - e.points
    from (select user_id, sum(points) as points from ended group by user_id) e where e.user_id = a.user_id`.execute(tx)
}
