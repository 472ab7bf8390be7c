import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { type Check, count } from './check.ts'

const scores = sql`
  with rated as (
    select movie_id, count(*) as ratings_count, sum(rating) as ratings_sum from reviews where is_approved group by movie_id
  )
  select 'the rating of a movie is not that of its approved reviews' as problem,
    json_build_object('movie_id', coalesce(s.movie_id, r.movie_id), 'kept', json_build_array(s.ratings_count, s.ratings_sum),
      'counted', json_build_array(r.ratings_count, r.ratings_sum)) as ids
  from movie_scores s full join rated r on r.movie_id = s.movie_id
  where coalesce(s.ratings_count, 0) <> coalesce(r.ratings_count, 0) or coalesce(s.ratings_sum, 0) <> coalesce(r.ratings_sum, 0)`

/** Recounted in words of its own, so that a mistake in those of the statistics is seen. */
const recounted = sql`
  with captured as (select order_item_id, sum(amount_minor) as amount from payment_items group by order_item_id),
  returned as (
    select ri.order_item_id, sum(ri.amount_minor) as amount from refund_items ri
    join refunds r on r.id = ri.refund_id and r.status <> 'failed' group by ri.order_item_id
  ),
  money as (
    select i.ticket_id, sum(coalesce(c.amount, 0) - coalesce(b.amount, 0)) as kept from order_items i
    left join captured c on c.order_item_id = i.id left join returned b on b.order_item_id = i.id
    where i.ticket_id is not null group by i.ticket_id
  ),
  read as (
    select t.id, t.session_id, o.currency,
      case when t.status = 'reserved' and o.expires_at <= app.now() then 'expired' else t.status end as status
    from tickets t join orders o on o.id = t.order_id
  )
  select session_id, currency, count(*) filter (where status = 'reserved') as reserved, count(*) filter (where status = 'paid') as paid,
    count(*) filter (where status = 'used') as used, count(*) filter (where status = 'cancelled') as cancelled,
    count(*) filter (where status = 'expired') as expired, count(*) filter (where status = 'refunded') as refunded,
    coalesce(sum(kept) filter (where status not in ('reserved', 'expired')), 0)::bigint as revenue_minor
  from read left join money on money.ticket_id = read.id group by session_id, currency`

const FIGURES = sql.raw('reserved, paid, used, cancelled, expired, refunded, revenue_minor')

/** Only sessions of which nothing lies beyond the marks: the others are read from their tickets whenever they are asked for. */
const totals = sql`
  with marks as materialized (select ticket_mark, event_mark from statistics_marks),
  changed as materialized (
    select app.changed_sessions(ticket_mark, 9223372036854775807, event_mark, 9223372036854775807) as id from marks
    union select app.unsettled_sessions()
  ),
  quiet as materialized (select id from sessions where id not in (select id from changed)),
  counted as (select session_id, currency, json_build_array(${FIGURES})::text as figures from (${recounted}) as c
    where session_id in (select id from quiet)
  ),
  kept as (
    select session_id, currency, json_build_array(${FIGURES})::text as figures from session_totals where session_id in (select id from quiet)
  )
  select 'the statistics keep other figures of a session than its tickets have' as problem,
    json_build_object('session_id', coalesce(k.session_id, c.session_id), 'kept', k.figures, 'counted', c.figures) as ids
  from kept k full join counted c on c.session_id = k.session_id and c.currency = k.currency
  where k.figures is distinct from c.figures`

/** Of those to come: the card of a session that is over may say something else by now. */
const cards = sql`
  select 'a session does not cost what its price card says' as problem,
    json_build_object('session_id', s.id, 'price_card_id', s.price_card_id, 'applying', k.id) as ids
  from sessions s join halls h on h.id = s.hall_id join cinemas c on c.id = h.cinema_id
  left join price_cards k on k.cinema_id = c.id and k.is_active
    and s.business_day between k.valid_from and coalesce(k.valid_to, s.business_day)
    and extract(isodow from s.business_day)::int = any(k.weekdays)
    and case when s.format_imax then 'imax' when s.format_3d then '3d' else '2d' end = any(k.formats)
    and (s.start_time at time zone c.timezone - interval '6 hours')::time >= k.from_time - interval '6 hours'
    and ((s.start_time at time zone c.timezone - interval '6 hours')::time < k.to_time - interval '6 hours' or k.to_time = '06:00')
  where s.price_card_id is not null and s.status in ('scheduled', 'rescheduled') and s.start_time > app.now()
    and (s.price_card_id, s.base_price_minor, s.premium_price_minor, s.vip_price_minor)
      is distinct from (k.id, k.base_price_minor, k.premium_price_minor, k.vip_price_minor)`

const isRolledUp = async (db: Db): Promise<boolean> =>
  (await sql`select from statistics_marks where ticket_mark > 0`.execute(db)).rows.length > 0

/** Not of the domain's thirteen: figures that are kept beside the rows they come from. */
export const derivedChecks: Check[] = [
  {
    id: 'D1',
    sentence: 'The rating of a movie is that of its approved reviews.',
    find: (db) => count(db, scores),
  },
  {
    id: 'D2',
    sentence: 'What the statistics keep of a session is what its tickets, payments and refunds say.',
    find: async (db) => ((await isRolledUp(db)) ? count(db, totals) : 'the statistics keep nothing yet'),
  },
  {
    id: 'D3',
    sentence: 'A session to come that follows a price card costs what the one card says that applies to it.',
    find: (db) => count(db, cards),
  },
]
