import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Period } from './rules.ts'

/**
 * Sales of these sessions from tickets, payments and refunds themselves. Only captured payments have items, and a refund
 * counts from the moment it is owed, as it does in the ledger. A hold past its deadline reads as expired, swept or not.
 */
export const totalsOf = (sessionIds: RawBuilder<unknown>) => sql`
  select t.session_id, o.currency,
    count(*) filter (where t.status = 'reserved' and o.expires_at > app.now()) as reserved,
    count(*) filter (where t.status = 'paid') as paid,
    count(*) filter (where t.status = 'used') as used,
    count(*) filter (where t.status = 'cancelled') as cancelled,
    count(*) filter (where t.status = 'expired' or (t.status = 'reserved' and o.expires_at <= app.now())) as expired,
    count(*) filter (where t.status = 'refunded') as refunded,
    coalesce(sum(money.kept), 0)::bigint as revenue_minor
  from tickets t join orders o on o.id = t.order_id
  left join lateral (
    select (
        select coalesce(sum(pi.amount_minor), 0) from payments p
        join payment_items pi on pi.payment_id = p.id and pi.order_item_id = i.id where p.order_id = i.order_id
      ) - (
        select coalesce(sum(ri.amount_minor), 0) from refund_items ri
        join refunds r on r.id = ri.refund_id and r.status <> 'failed' where ri.order_item_id = i.id
      ) as kept
    from order_items i where i.ticket_id = t.id and t.status not in ('reserved', 'expired')
  ) money on true
  where t.session_id = any(array(${sessionIds}))
  group by t.session_id, o.currency`

export type Group = 'currency' | 'movie' | 'day' | 'cinema'

export type Sales = {
  movie_id: number | null
  cinema_id: number | null
  day: string | null
  currency: string
  sessions: number
  reserved: number
  paid: number
  used: number
  cancelled: number
  expired: number
  refunded: number
  revenue_minor: number
  seated: number
  capacity: number
}

/** Null is everywhere. */
type Scope = Period & { cinema_ids: readonly number[] | null }

/**
 * The sessions of the period with their sales: counted before, where nothing has happened since, and from the tickets
 * themselves where something has. One statement sees one moment, so that no sale is counted twice or missed between.
 * Every row has its session, so the full joins are left joins that cannot be done by nested loops: days that came after
 * the last analyze look empty to the planner, and it would go through all totals for each session.
 */
const salesOfSessions = ({ from, to, cinema_ids }: Scope) => sql`
  with marks as materialized (select ticket_mark, event_mark from statistics_marks),
  changed as materialized (
    select app.changed_sessions(ticket_mark, 9223372036854775807, event_mark, 9223372036854775807) as id from marks
    union select app.unsettled_sessions()
  ),
  shown as materialized (
    select s.id, s.movie_id, h.cinema_id, s.business_day::text as day, s.status, c.currency, s.hall_id
    from sessions s join halls h on h.id = s.hall_id join cinemas c on c.id = h.cinema_id
    where s.business_day between ${from}::date and ${to}::date
      and (${cinema_ids}::bigint[] is null or h.cinema_id = any(${cinema_ids}::bigint[]))
  ),
  totals as materialized (
    select session_id, currency, reserved, paid, used, cancelled, expired, refunded, revenue_minor from session_totals
    where session_id in (select id from shown) and session_id not in (select id from changed)
    union all
    ${totalsOf(sql`select id from changed intersect select id from shown`)}
  ),
  seats_of as materialized (
    select hall_id, count(*) as seats from seats where is_active and hall_id in (select hall_id from shown) group by hall_id
  ),
  sold as (
    select s.id, s.movie_id, s.cinema_id, s.day, coalesce(t.currency, s.currency) as currency,
      t.reserved, t.paid, t.used, t.cancelled, t.expired, t.refunded, t.revenue_minor,
      row_number() over (partition by s.id order by t.currency) as place,
      case when s.status <> 'cancelled' then t.paid + t.used end as seated,
      case when s.status <> 'cancelled' then seats_of.seats end as seats
    from shown s full join totals t on t.session_id = s.id full join seats_of on seats_of.hall_id = s.hall_id
  )`

/** The bits of grouping(): which of movie, day and cinema a line is not about. */
const GROUPS: Record<number, Group> = { 7: 'currency', 3: 'movie', 5: 'day', 6: 'cinema' }

/** What was sold in the sessions of these days, put together in four ways. A session is listed under each currency it took. */
export const findSales = async (db: Db, scope: Scope): Promise<(Sales & { by: Group })[]> => {
  const { rows } = await sql<Sales & { grouped: number }>`
    ${salesOfSessions(scope)}
    select movie_id, cinema_id, day, currency, grouping(movie_id, day, cinema_id)::integer as grouped, count(*) as sessions,
      coalesce(sum(reserved), 0)::bigint as reserved, coalesce(sum(paid), 0)::bigint as paid, coalesce(sum(used), 0)::bigint as used,
      coalesce(sum(cancelled), 0)::bigint as cancelled, coalesce(sum(expired), 0)::bigint as expired,
      coalesce(sum(refunded), 0)::bigint as refunded, coalesce(sum(revenue_minor), 0)::bigint as revenue_minor,
      coalesce(sum(seated), 0)::bigint as seated, coalesce(sum(seats) filter (where place = 1), 0)::bigint as capacity
    from sold group by grouping sets ((currency), (currency, movie_id), (currency, day), (currency, cinema_id))
    order by day, sum(revenue_minor) desc nulls last, movie_id, cinema_id, currency`.execute(db)
  return rows.map(({ grouped, ...row }) => ({ ...row, by: GROUPS[grouped] ?? 'currency' }))
}

/** By the clock of the cinema, or of the oldest; days change at six in the morning. */
export const findToday = async (db: Db, cinemaId: number | undefined) => {
  const { rows } = await sql<{ today: string; is_known: boolean }>`
    with clock as (
      select timezone from cinemas
      where ${cinemaId ?? null}::bigint is null or id = ${cinemaId ?? null}::bigint order by id limit 1
    )
    select ((app.now() at time zone coalesce((select timezone from clock), 'UTC')) - interval '6 hours')::date::text as today,
      ${cinemaId ?? null}::bigint is null or exists (select from clock) as is_known`.execute(db)
  return rows[0] ?? { today: '', is_known: false }
}

export const findTitles = async (db: Db, ids: number[]): Promise<Map<number, string>> => {
  const { rows } = await sql<{ id: number; title: string }>`
    select id, title from movies where id = any(array(select unnest(${ids}::bigint[])))`.execute(db)
  return new Map(rows.map(({ id, title }) => [id, title]))
}

export const findCinemaNames = async (db: Db, ids: number[]): Promise<Map<number, string>> => {
  const { rows } = await sql<{ id: number; name: string }>`
    select id, name from cinemas where id = any(array(select unnest(${ids}::bigint[])))`.execute(db)
  return new Map(rows.map(({ id, name }) => [id, name]))
}
