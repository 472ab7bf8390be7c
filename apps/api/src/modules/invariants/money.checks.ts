import { sql } from 'kysely'

import { type Check, count } from './check.ts'

/**
 * What was captured and not given back is what the remaining items cost, with what was kept of those given up. A refund
 * that the provider refused counts as money still to be given back, as long as an open alarm says so. A pending order may
 * have kept a part of its price.
 */
const ledger = sql`
  with captured as (
    select order_id, currency, sum(amount_minor) as minor from payments
    where status in ('success', 'partially_refunded', 'refunded') group by order_id, currency
  ), returned as (
    select p.order_id, p.currency, sum(r.amount_minor) filter (where r.status <> 'failed') as minor,
      sum(r.amount_minor) filter (where r.status = 'failed' and a.id is not null) as refused_minor
    from refunds r
    join payments p on p.id = r.payment_id
    left join payment_alarms a on a.payment_id = p.id and a.kind = 'refund_refused' and a.resolved_at is null
    group by p.order_id, p.currency
  ), given_up as (
    select order_id, sum(fees_minor + tax_minor) as beside, sum(lost_discount_minor + charge_minor) as kept from cancellations group by order_id
  ), owed as (
    select o.id as order_id, o.currency, o.fees_minor + o.tax_minor - coalesce(g.beside, 0) + coalesce(g.kept, 0)
      + coalesce((select sum(i.total_minor) from order_items i where i.order_id = o.id and i.canceled_at is null), 0) as minor
    from orders o left join given_up g on g.order_id = o.id
    where o.status in ('paid', 'partially_refunded') or g.order_id is not null
  ), books as (
    select order_id, currency, coalesce(c.minor, 0) as captured, coalesce(r.minor, 0) as returned,
      coalesce(r.refused_minor, 0) as refused, coalesce(w.minor, 0) as owed,
      coalesce((select o.total_minor - 1 from orders o where o.id = order_id and o.status = 'pending' and o.total_minor > 0), 0) as part
    from captured c full join returned r using (order_id, currency) full join owed w using (order_id, currency)
  )
  select 'the money kept is not what the order costs' as problem, to_json(books) as ids
  from books where captured - returned - owed not between 0 and refused + part`

const sums = sql`
  select 'the items of an order do not add up to it' as problem,
    json_build_object('order_id', o.id, 'total', o.total_minor, 'items_total', coalesce(i.total, 0)) as ids
  from orders o left join (
    select order_id, sum(price_minor) as price, sum(discount_minor) as discount, sum(total_minor) as total from order_items group by order_id
  ) i on i.order_id = o.id
  where o.subtotal_minor <> coalesce(i.price, 0) or o.discount_minor <> coalesce(i.discount, 0)
    or o.total_minor <> coalesce(i.total, 0) + o.fees_minor + o.tax_minor or o.discount_minor > o.subtotal_minor
  union all
  select 'an item does not cost its price less its discount', json_build_object('order_id', order_id, 'item_id', id)
  from order_items where total_minor <> price_minor - discount_minor or discount_minor > price_minor
  union all
  select 'a ticket does not cost what its item does', json_build_object('ticket_id', t.id, 'item_id', i.id)
  from tickets t join order_items i on i.ticket_id = t.id
  where (t.price_minor, t.discount_minor, t.final_price_minor) is distinct from (i.price_minor, i.discount_minor, i.total_minor)`

const traces = sql`
  select 'the trace of a price does not add up to it' as problem,
    json_build_object('item_id', i.id, 'total', i.total_minor, 'trace', i.trace) as ids
  from order_items i cross join lateral (
    select coalesce(sum(case jsonb_typeof(e -> 'amount') when 'number' then (e ->> 'amount')::numeric end), 0) as major
    from jsonb_array_elements(case jsonb_typeof(i.trace) when 'array' then i.trace else '[]' end) as e
  ) t
  where t.major * 100 <> i.total_minor
  union all
  select 'the trace of an order does not add up to its fees and tax',
    json_build_object('order_id', o.id, 'fees', o.fees_minor, 'tax', o.tax_minor, 'trace', o.trace)
  from orders o cross join lateral (
    select coalesce(sum(case jsonb_typeof(e -> 'amount') when 'number' then (e ->> 'amount')::numeric end), 0) as major
    from jsonb_array_elements(o.trace) as e
  ) t
  where t.major * 100 <> o.fees_minor + o.tax_minor`

const refunds = sql`
  select 'more is given back than was captured' as problem,
    json_build_object('payment_id', p.id, 'payment', p.status, 'captured', p.amount_minor, 'returned', r.minor) as ids
  from payments p join (select payment_id, sum(amount_minor) as minor from refunds where status <> 'failed' group by payment_id) r on r.payment_id = p.id
  where r.minor > p.amount_minor or p.status not in ('success', 'partially_refunded', 'refunded')
  union all
  select 'more is given back for an item than it cost', json_build_object('item_id', i.id, 'cost', i.total_minor, 'returned', r.minor)
  from order_items i join (
    select ri.order_item_id, sum(ri.amount_minor) as minor from refund_items ri join refunds r on r.id = ri.refund_id
    where r.status <> 'failed' group by ri.order_item_id
  ) r on r.order_item_id = i.id
  where r.minor > i.total_minor
  union all
  select 'the lines of a refund do not add up to it', json_build_object('refund_id', r.id, 'amount', r.amount_minor, 'lines', l.minor)
  from refunds r left join (select refund_id, sum(amount_minor) as minor from refund_items group by refund_id) l on l.refund_id = r.id
  where r.cancellation_id is not null and coalesce(l.minor, 0) + r.fees_minor <> r.amount_minor or r.cancellation_id is null and l.minor is not null`

/** What was given up is what its items had cost, and all that goes back for it is under way. */
const cancellations = sql`
  select 'a cancellation is not worth what was given up' as problem,
    json_build_object('cancellation_id', c.id, 'items', c.items_minor, 'given_up', coalesce(i.minor, 0), 'refund', c.refund_minor, 'refunds', coalesce(r.minor, 0)) as ids
  from cancellations c
  left join (select cancellation_id, sum(total_minor) as minor from order_items group by cancellation_id) i on i.cancellation_id = c.id
  left join (select cancellation_id, sum(amount_minor) as minor from refunds group by cancellation_id) r on r.cancellation_id = c.id
  where c.items_minor <> coalesce(i.minor, 0) or c.refund_minor <> coalesce(r.minor, 0)
    or c.refund_minor <> c.items_minor + c.fees_minor + c.tax_minor - c.lost_discount_minor - c.charge_minor
  union all
  select 'an item was given up and nobody wrote down for what', json_build_object('order_id', i.order_id, 'item_id', i.id)
  from order_items i left join cancellations c on c.id = i.cancellation_id and c.order_id = i.order_id
  where (i.canceled_at is null) <> (i.cancellation_id is null) or i.cancellation_id is not null and c.id is null
  union all
  select 'more of lost discounts was credited than was lost', json_build_object('order_id', order_id, 'lost', sum(lost_discount_minor))
  from cancellations group by order_id having sum(lost_discount_minor) < 0
  union all
  select 'more of fees and tax was given back or kept than there was', json_build_object('order_id', o.id)
  from orders o join cancellations c on c.order_id = o.id group by o.id
  having sum(c.fees_minor + c.kept_fees_minor) > o.fees_minor or sum(c.tax_minor + c.kept_tax_minor) > o.tax_minor`

export const moneyChecks: Check[] = [
  {
    id: 'I4',
    sentence:
      'What was captured and not given back is what the remaining items cost and what was kept of others, for each order and currency; a pending order has kept less than it costs.',
    find: (db) => count(db, ledger),
  },
  {
    id: 'I5',
    sentence:
      'Items add up to their order, traces to their item, refunds to what was given up; nothing gives back more than was captured.',
    find: (db) => count(db, sql`${sums} union all ${traces} union all ${refunds} union all ${cancellations}`),
  },
]
