import { sql } from 'kysely'

import type { OrderRules, TraceEntry } from '#modules/pricing/price-order.ts'
import type { Tx } from '#platform/db/kysely.ts'

export type PendingOrder = { id: number; rules: { pricing?: OrderRules } }

/** Orders that may still change. The caller has locked them. */
export const findPending = async (tx: Tx, ids: number[]): Promise<PendingOrder[]> => {
  const { rows } = await sql<PendingOrder>`
    select id, rules from orders where id = any(${ids}::bigint[]) and status = 'pending' order by id`.execute(tx)
  return rows
}

export type HeldLine = {
  order_id: number
  item_id: number
  ticket_id: number
  session_id: number
  movie_id: number
  cinema_id: number
  seat_id: number
  seat_type: string
  ticket_type: string
  price_minor: number
  discount_minor: number
  trace: TraceEntry[]
}

/** The seats of these orders with the prices that they were shown at. */
export const findLines = async (tx: Tx, ids: number[]): Promise<HeldLine[]> => {
  const { rows } = await sql<HeldLine>`
    select i.order_id, i.id as item_id, i.ticket_id, i.session_id, s.movie_id, h.cinema_id, t.seat_id, t.seat_type, t.ticket_type,
      i.price_minor, i.discount_minor, i.trace
    from order_items i join tickets t on t.id = i.ticket_id join sessions s on s.id = i.session_id join halls h on h.id = s.hall_id
    where i.order_id = any(${ids}::bigint[]) and i.canceled_at is null order by i.id`.execute(tx)
  return rows
}

type NewPrice = { item_id: number; discount_minor: number; trace: TraceEntry[] }

/** Writes what was taken off items, and off their tickets. */
export const writeLines = async (tx: Tx, lines: NewPrice[]): Promise<void> => {
  await sql`
    with priced as (
      select * from unnest(${lines.map(({ item_id }) => item_id)}::bigint[], ${lines.map((line) => line.discount_minor)}::bigint[],
        ${lines.map(({ trace }) => JSON.stringify(trace))}::text[]) as p(id, discount_minor, trace)
    ), itemed as (
      update order_items i set discount_minor = p.discount_minor, total_minor = i.price_minor - p.discount_minor, trace = p.trace::jsonb
      from priced p where i.id = p.id returning i.ticket_id, i.discount_minor, i.total_minor
    )
    update tickets t set discount_minor = i.discount_minor, final_price_minor = i.total_minor
    from itemed i where t.id = i.ticket_id and (t.discount_minor, t.final_price_minor) <> (i.discount_minor, i.total_minor)`.execute(
    tx,
  )
}

type NewTotals = {
  id: number
  is_empty: boolean
  subtotal_minor: number
  discount_minor: number
  fees_minor: number
  tax_minor: number
  tax_included_minor: number
  total_minor: number
  trace: TraceEntry[]
  pricing: OrderRules
}

/** What an order costs from now on; one with nothing left in it is canceled. */
export const writeOrder = async (tx: Tx, order: NewTotals): Promise<void> => {
  await sql`
    update orders set subtotal_minor = ${order.subtotal_minor}, discount_minor = ${order.discount_minor},
      fees_minor = ${order.fees_minor}, tax_minor = ${order.tax_minor}, tax_included_minor = ${order.tax_included_minor},
      total_minor = ${order.total_minor}, trace = ${JSON.stringify(order.trace)}::jsonb,
      rules = rules || jsonb_build_object('pricing', ${JSON.stringify(order.pricing)}::jsonb),
      status = case when ${order.is_empty} then 'canceled' else status end
    where id = ${order.id} and status = 'pending'`.execute(tx)
}
