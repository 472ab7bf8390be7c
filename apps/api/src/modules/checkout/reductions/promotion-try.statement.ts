import { sql } from 'kysely'

import type { PromotionLine } from '#modules/promotions/rules.ts'
import type { Db } from '#platform/db/kysely.ts'

export type PaidOrder = {
  id: number
  reference: string
  user_id: number | null
  buyer: string
  currency: string
  created_at: Date
  total_minor: number
  promo_code: string | null
  lines: Omit<PromotionLine, 'start_time'>[]
  starts: Date[]
}

type Scope = { days: number; order_id: number | undefined; cinema_ids: readonly number[] | null }

/** Paid orders of these cinemas with their lines as promotions see them, newest first. */
export const findPaidOrders = async (db: Db, { days, order_id, cinema_ids }: Scope, limit: number): Promise<PaidOrder[]> => {
  const everywhere = cinema_ids === null
  const { rows } = await sql<PaidOrder>`
    with chosen as (
      select o.* from orders o
      where o.status in ('paid', 'partially_refunded')
        and (${order_id === undefined} and o.created_at > app.now() - make_interval(days => ${days}::int) or o.id = ${order_id ?? null})
        and (${everywhere} or exists (
          select from order_items i join sessions s on s.id = i.session_id join halls h on h.id = s.hall_id
          where i.order_id = o.id and h.cinema_id = any(${[...(cinema_ids ?? [])]}::bigint[])))
      order by o.id desc limit ${limit}
    )
    select o.id, o.reference, o.user_id, coalesce('u:' || o.user_id, o.email, 'g:' || o.guest_id) as buyer, o.currency, o.created_at,
      o.total_minor, o.promo_code,
      jsonb_agg(jsonb_build_object('key', i.session_id || ':' || t.seat_id, 'price_minor', i.price_minor, 'cinema_id', h.cinema_id,
        'movie_id', s.movie_id, 'seat_type', t.seat_type, 'ticket_type', t.ticket_type, 'day', s.business_day,
        'weekday', extract(isodow from s.business_day)::integer,
        'minute', (extract(hour from s.start_time at time zone c.timezone) * 60 + extract(minute from s.start_time at time zone c.timezone))::integer,
        'early_bird_discount', s.early_bird_discount) order by i.id) as lines,
      array_agg(s.start_time order by i.id) as starts
    from chosen o join order_items i on i.order_id = o.id and i.canceled_at is null join tickets t on t.id = i.ticket_id
    join sessions s on s.id = i.session_id join halls h on h.id = s.hall_id join cinemas c on c.id = h.cinema_id
    group by o.id, o.reference, o.user_id, o.guest_id, o.email, o.currency, o.created_at, o.total_minor, o.promo_code
    order by o.id desc`.execute(db)
  return rows
}
