import { sql } from 'kysely'

import { type Check, count } from './check.ts'

/** What is left of a limit in pieces, and what is in use, make up the limit. A lapsed use has been given back. */
const promotions = sql`
  with live as (
    select promotion_id, count(*) as uses, sum(amount_minor) as minor from promotion_uses
    where state in ('reserved', 'confirmed') group by promotion_id
  ), pieces as (
    select promotion_id, sum(uses_left) as uses, sum(minor_left) as minor from promotion_shares group by promotion_id
  ), books as (
    select p.id as promotion_id, p.limit_total, p.budget_minor, coalesce(l.uses, 0) as uses, coalesce(l.minor, 0) as minor,
      coalesce(s.uses, 0) as uses_left, coalesce(s.minor, 0) as minor_left
    from promotions p left join live l on l.promotion_id = p.id left join pieces s on s.promotion_id = p.id
  )
  select 'a promotion is used more often than it may be' as problem, to_json(books) as ids from books where uses > limit_total
  union all
  select 'a promotion has given more than its budget', to_json(books) from books where minor > budget_minor
  union all
  select 'uses of a promotion are lost or counted twice', to_json(books)
  from books where uses + uses_left <> limit_total or minor + minor_left <> budget_minor
  union all
  select 'a piece of a promotion is less than nothing', json_build_object('promotion_id', promotion_id, 'share', share)
  from promotion_shares where uses_left < 0 or minor_left < 0`

const holders = sql`
  select 'a person uses a promotion more or less often than is counted' as problem,
    json_build_object('promotion_id', promotion_id, 'holder', holder, 'counted', h.uses, 'used', coalesce(u.uses, 0)) as ids
  from promotion_holders h left join (
    select promotion_id, holder, count(*) as uses from promotion_uses, unnest(holders) holder
    where state in ('reserved', 'confirmed') group by promotion_id, holder
  ) u using (promotion_id, holder)
  where h.uses <> coalesce(u.uses, 0)
  union all
  select 'a person uses a promotion more often than they may', json_build_object('promotion_id', h.promotion_id, 'holder', h.holder, 'uses', h.uses)
  from promotion_holders h join promotions p on p.id = h.promotion_id where h.uses > p.limit_per_user`

/** Nobody pays with a discount that is not reserved or confirmed, and nothing stays reserved for an order that is over. */
const uses = sql`
  select 'the use of a promotion does not fit its order' as problem,
    json_build_object('use_id', u.id, 'state', u.state, 'order_id', o.id, 'status', o.status) as ids
  from promotion_uses u join orders o on o.id = u.order_id
  where case u.state
    when 'reserved' then o.status <> 'pending'
    when 'confirmed' then o.status not in ('paid', 'partially_refunded')
    when 'lapsed' then o.status <> 'expired' else false end
  union all
  select 'an order was lowered by another sum than its promotions give', json_build_object('order_id', t.order_id, 'source', t.source, 'lowered', t.minor, 'used', u.amount_minor)
  from (
    select i.order_id, e ->> 'source' as source, -round(sum((e ->> 'amount')::numeric) * 100) as minor
    from order_items i cross join lateral jsonb_array_elements(case jsonb_typeof(i.trace) when 'array' then i.trace else '[]' end) e
    where e ->> 'source' like 'promotion.%' group by i.order_id, e ->> 'source'
  ) t
  join orders o on o.id = t.order_id and o.status in ('pending', 'paid')
  left join promotion_uses u on u.order_id = t.order_id and 'promotion.' || u.promotion_id = t.source and u.state <> 'released'
  where u.amount_minor is distinct from t.minor`

const points = sql`
  select 'the points of a person are not the sum of their entries' as problem,
    json_build_object('user_id', user_id, 'points', a.points, 'entries', coalesce(e.points, 0)) as ids
  from loyalty_accounts a left join (select user_id, sum(points) as points from loyalty_entries group by user_id) e using (user_id)
  where a.points <> coalesce(e.points, 0)
  union all
  select 'somebody has spent points that they do not have', json_build_object('user_id', user_id, 'points', points, 'reserved', reserved)
  from loyalty_accounts where points < 0 or reserved < 0 or reserved > points
  union all
  select 'what orders want to spend is not what is reserved', json_build_object('user_id', user_id, 'reserved', a.reserved, 'wanted', coalesce(r.points, 0))
  from loyalty_accounts a left join (
    select user_id, sum(points) as points from loyalty_redemptions where state = 'reserved' group by user_id
  ) r using (user_id)
  where a.reserved <> coalesce(r.points, 0)
  union all
  select 'an entry of points is on the wrong side', json_build_object('entry_id', id, 'kind', kind, 'points', points)
  from loyalty_entries where case when kind in ('earned', 'returned') then points < 0 else points > 0 end
  union all
  select 'points are reserved for an order that is not pending, or spent on one that was not paid',
    json_build_object('order_id', o.id, 'status', o.status, 'state', r.state)
  from loyalty_redemptions r join orders o on o.id = r.order_id
  where r.state = 'reserved' and o.status <> 'pending' or r.state = 'spent' and o.status in ('pending', 'expired')`

export const balanceChecks: Check[] = [
  {
    id: 'I8',
    sentence: 'Balances are the sum of their movements, never below zero; no promotion is used beyond its limits.',
    find: (db) => count(db, sql`${promotions} union all ${holders} union all ${uses} union all ${points}`),
  },
]
