import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'

export type ExchangeRow = {
  id: number
  old_order_id: number
  new_order_id: number
  actor: string
  reason: string | null
  credit_minor: number
  done_at: Date | null
}

const columns = ['id', 'old_order_id', 'new_order_id', 'actor', 'reason', 'credit_minor', 'done_at'] as const

/** The exchange that an order of new tickets belongs to. */
export const findExchange = (db: Db, newOrderId: number): Promise<ExchangeRow | undefined> =>
  db.selectFrom('exchanges').select(columns).where('new_order_id', '=', newOrderId).executeTakeFirst()

export const findExchangePairs = (db: Db, exchangeId: number) =>
  db
    .selectFrom('exchange_tickets')
    .select(['old_ticket_id', 'new_ticket_id'])
    .where('exchange_id', '=', exchangeId)
    .orderBy('old_ticket_id')
    .execute()

/** An order that holds new seats for one of these tickets, when there is one already. The old order is locked. */
export const findExchangeUnderWay = async (
  tx: Tx,
  ticketIds: number[],
): Promise<{ order_id: number; actor: string } | undefined> => {
  const { rows } = await sql<{ order_id: number; actor: string }>`
    select o.id as order_id, x.actor from exchange_tickets t join exchanges x on x.id = t.exchange_id join orders o on o.id = x.new_order_id
    where t.old_ticket_id = any(${ticketIds}) and t.done_at is null and o.status = 'pending' and o.expires_at > app.now() limit 1`.execute(
    tx,
  )
  return rows[0]
}

type NewOrder = { old_order_id: number; reference: string; currency: string; hold_seconds: number; rules: object }

/** An order for whoever has the old one, which holds seats for a while. */
export const insertHolding = async (tx: Tx, made: NewOrder): Promise<number> => {
  const { rows } = await sql<{ id: number }>`
    insert into orders (reference, user_id, guest_id, email, locale, currency, subtotal_minor, total_minor, expires_at, rules)
    select ${made.reference}, user_id, guest_id, email, locale, ${made.currency}, 0, 0,
      app.now() + make_interval(secs => ${made.hold_seconds}), ${JSON.stringify(made.rules)}::jsonb
    from orders where id = ${made.old_order_id}
    returning id`.execute(tx)
  return rows[0]?.id ?? 0
}

type NewExchange = Omit<ExchangeRow, 'id' | 'done_at'> & { pairs: { old_ticket_id: number; new_ticket_id: number }[] }

export const insertExchange = async (tx: Tx, { pairs, ...exchange }: NewExchange): Promise<void> => {
  const { id } = await tx.insertInto('exchanges').values(exchange).returning('id').executeTakeFirstOrThrow()
  await tx
    .insertInto('exchange_tickets')
    .values(pairs.map((pair) => ({ ...pair, exchange_id: id })))
    .execute()
}

export const markExchanged = async (tx: Tx, id: number): Promise<void> => {
  const done_at = sql<Date>`app.now()`
  await tx.updateTable('exchanges').set({ done_at }).where('id', '=', id).execute()
  await tx.updateTable('exchange_tickets').set({ done_at }).where('exchange_id', '=', id).execute()
}
