import { sql } from 'kysely'

import type { ReturnTerms } from '#modules/cinemas/schemas.ts'
import type { OrderRules } from '#modules/pricing/price-order.ts'
import type { Snapshot } from '#modules/promotions/rules.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { OrderStatus, TicketStatus } from '#platform/db/types.gen.ts'
import { FREE_OF_CHARGE } from './return.rules.ts'

export type ReturnTicket = {
  ticket_id: number
  item_id: number
  session_id: number
  cinema_id: number
  status: TicketStatus
  seat_id: number
  ticket_type: string
  price_minor: number
  discount_minor: number
  total_minor: number
  /** Until when its buyer may give it back; null: the session was cancelled, and it goes back by itself. */
  until: Date | null
  is_late: boolean
  /** What of it has not gone back, nor is on its way. */
  room_minor: number
  terms: ReturnTerms | null
}
export type ReturnOrder = {
  id: number
  status: OrderStatus
  currency: string
  /** By which its price was worked out; null: before there were any. */
  pricing: OrderRules | null
  /** By which it was lowered; null: by none. */
  promotions: Snapshot | null
  /** What earlier returns have kept of lost discounts and of points spent. */
  lost_minor: number
  /** What is left of them after what was given up before. */
  fees_minor: number
  tax_minor: number
  tickets: ReturnTicket[]
}

const order = (id: number) => sql<Omit<ReturnOrder, 'tickets'>>`
  select o.id, o.currency, o.rules -> 'pricing' as pricing, o.rules -> 'promotions' as promotions,
    coalesce(c.lost, 0) as lost_minor, case when o.status = 'pending' and o.expires_at <= app.now() then 'expired' else o.status end as status,
    o.fees_minor - coalesce(c.fees, 0) as fees_minor, o.tax_minor - coalesce(c.tax, 0) as tax_minor
  from orders o
  left join lateral (select sum(fees_minor + kept_fees_minor)::bigint as fees, sum(tax_minor + kept_tax_minor)::bigint as tax, sum(lost_discount_minor)::bigint as lost from cancellations where order_id = o.id) c on true
  where o.id = ${id}`

const tickets = (id: number, cutoffMinutes: number) => sql<ReturnTicket>`
  with bought as (
    select t.id as ticket_id, i.id as item_id, t.session_id, h.cinema_id, t.seat_id, t.ticket_type, i.price_minor, i.discount_minor, i.total_minor, o.rules -> 'cancellation' -> t.session_id::text as terms,
      case when t.status = 'reserved' and o.expires_at <= app.now() then 'expired' else t.status end as status,
      s.status as session, s.start_time,
      i.total_minor - coalesce((select sum(ri.amount_minor) from refund_items ri where ri.order_item_id = i.id), 0)::bigint as room_minor
    from tickets t
    join orders o on o.id = t.order_id
    join order_items i on i.ticket_id = t.id
    join sessions s on s.id = t.session_id
    join halls h on h.id = s.hall_id
    where t.order_id = ${id}
  ), due as (
    select bought.*, case when session <> 'cancelled' then start_time - make_interval(mins => case session when 'rescheduled' then 0
      else coalesce((terms ->> 'cutoff_minutes')::int, ${cutoffMinutes}::int) end) end as until
    from bought
  )
  select ticket_id, item_id, session_id, cinema_id, seat_id, ticket_type, price_minor, discount_minor, status, total_minor, until, room_minor,
    case session when 'rescheduled' then ${JSON.stringify(FREE_OF_CHARGE)}::jsonb else terms end as terms, coalesce(until <= app.now(), false) as is_late
  from due order by ticket_id`

/** What an order has cost, what of it still stands, and on which terms its tickets go back. */
export const readReturn = async (db: Db, id: number, cutoffMinutes: number): Promise<ReturnOrder | undefined> => {
  const found = (await order(id).execute(db)).rows[0]
  return found && { ...found, tickets: (await tickets(id, cutoffMinutes).execute(db)).rows }
}
