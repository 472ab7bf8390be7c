import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { Use } from './terms.ts'

export const findUses = (db: Db, orderId: number) =>
  db
    .selectFrom('promotion_uses')
    .select(['id', 'promotion_id', 'amount_minor', 'code', 'holders', 'state'])
    .where('order_id', '=', orderId)
    .where('state', '<>', 'released')
    .orderBy('promotion_id')
    .execute()
export type LiveUse = Awaited<ReturnType<typeof findUses>>[number]

export const take = (tx: Tx, promotion_id: number, uses: number, minor: number, holders: string[]) =>
  sql`select app.take_promotion(${promotion_id}, ${uses}, ${minor}, ${holders}::text[])`.execute(tx)

export const giveBack = (tx: Tx, promotion_id: number, uses: number, minor: number, holders: string[]) =>
  sql`select app.give_promotion_back(${promotion_id}, ${uses}, ${minor}, ${holders}::text[])`.execute(tx)

export const insertUse = (tx: Tx, use: Use & { order_id: number; holders: string[] }) =>
  tx.insertInto('promotion_uses').values(use).execute()

export const changeAmount = (tx: Tx, id: number, amount_minor: number) =>
  tx.updateTable('promotion_uses').set({ amount_minor }).where('id', '=', id).execute()

/** Counts one more person for a use that is there already. False when they have used the promotion as often as they may. */
export const countHolder = async (tx: Tx, promotion_id: number, holder: string): Promise<boolean> => {
  const { rows } = await sql<{ is_counted: boolean }>`
    with rule as (select id, limit_per_user from promotions where id = ${promotion_id} for key share), counted as (
      insert into promotion_holders (promotion_id, holder, uses) select id, ${holder}, 1 from rule where limit_per_user is not null
      on conflict (promotion_id, holder) do update set uses = promotion_holders.uses + 1
        where promotion_holders.uses < (select limit_per_user from rule)
      returning holder
    )
    select limit_per_user is null or exists (select from counted) as is_counted from rule`.execute(tx)
  return rows[0]?.is_counted ?? false
}

export const addHolder = (tx: Tx, id: number, holder: string) =>
  tx
    .updateTable('promotion_uses')
    .set({ holders: sql<string[]>`array_append(holders, ${holder})` })
    .where('id', '=', id)
    .execute()

/** Ends what orders have reserved or used and gives it back, in the order of the promotions' ids. */
export const end = async (tx: Tx, orderIds: number[], state: 'lapsed' | 'released', ids?: number[]): Promise<void> => {
  await sql`
    with ended as (
      update promotion_uses u set state = ${state}::promotion_use_state from (
        select id, state from promotion_uses
        where order_id = any(${orderIds}::bigint[]) and state <> 'released' and (${ids === undefined} or id = any(${ids ?? []}::bigint[]))
        order by id for update
      ) was
      where u.id = was.id
      returning u.promotion_id, u.order_id, u.amount_minor, u.holders, was.state <> 'lapsed' as was_live
    )
    select app.give_promotion_back(promotion_id, 1, amount_minor, holders)
    from (select * from ended where was_live order by promotion_id, order_id) e`.execute(tx)
}

export const confirm = (tx: Tx, orderId: number) =>
  tx
    .updateTable('promotion_uses')
    .set({ state: 'confirmed' })
    .where('order_id', '=', orderId)
    .where('state', '<>', 'released')
    .execute()
