import { sql } from 'kysely'

import { type Check, count } from './check.ts'

/** Which tickets an order of a state may have. A ticket taken out before the order was paid is cancelled and stays so. */
const ticketStates = sql`
  select 'an order has a ticket that its state does not allow' as problem,
    json_build_object('order_id', o.id, 'order', o.status, 'ticket_id', t.id, 'ticket', t.status) as ids
  from tickets t join orders o on o.id = t.order_id
  where not case o.status
    when 'pending' then t.status in ('reserved', 'cancelled')
    when 'expired' then t.status in ('expired', 'cancelled')
    when 'paid' then t.status in ('paid', 'used', 'cancelled')
    when 'partially_refunded' then t.status in ('paid', 'used', 'cancelled', 'refunded')
    when 'canceled' then t.status in ('cancelled', 'refunded')
    else false end`

/** Items are what remains of an order: a live ticket has a live item, a ticket given back has none. */
const items = sql`
  select 'a live ticket has no live item' as problem, json_build_object('order_id', t.order_id, 'ticket_id', t.id, 'ticket', t.status) as ids
  from tickets t left join order_items i on i.ticket_id = t.id and i.order_id = t.order_id
  where t.status in ('reserved', 'expired', 'paid', 'used') and (i.id is not null and i.canceled_at is null) is not true
  union all
  select 'a live item has no live ticket', json_build_object('order_id', i.order_id, 'item_id', i.id, 'ticket_id', i.ticket_id)
  from order_items i left join tickets t on t.id = i.ticket_id
  where i.kind = 'ticket' and i.canceled_at is null and (t.status in ('reserved', 'expired', 'paid', 'used')) is not true
  union all
  select 'the state of an order does not fit what remains of it',
    json_build_object('order_id', o.id, 'order', o.status, 'live', coalesce(n.live, 0), 'given_back', coalesce(n.given_back, 0))
  from orders o left join (
    select order_id, count(*) filter (where canceled_at is null) as live, count(canceled_at) as given_back from order_items group by order_id
  ) n on n.order_id = o.id
  where not case o.status
    when 'canceled' then coalesce(n.live, 0) = 0
    when 'partially_refunded' then coalesce(n.live, 0) > 0 and n.given_back > 0
    when 'expired' then true
    else coalesce(n.live, 0) > 0 and n.given_back = 0 end`

/** Only while the order is in time: an overdue one may have lost its seats to somebody else. */
const holds = sql`
  select 'a reserved ticket in time does not have its seat' as problem,
    json_build_object('order_id', o.id, 'ticket_id', t.id, 'claim', c.state, 'claim_order_id', c.order_id) as ids
  from orders o
  join tickets t on t.order_id = o.id and t.status = 'reserved'
  left join seat_claims c on c.session_id = t.session_id and c.seat_id = t.seat_id
  where o.status = 'pending' and o.expires_at > app.now()
    and (c.state = 'held' and c.ticket_id = t.id and c.order_id = o.id) is not true`

/** An order is one person's, and so is everything in it. */
const owners = sql`
  select 'an order and its ticket belong to different people' as problem,
    json_build_object('order_id', o.id, 'user_id', o.user_id, 'ticket_id', t.id, 'ticket_user_id', t.user_id) as ids
  from tickets t join orders o on o.id = t.order_id
  where t.user_id is distinct from o.user_id`

const history = sql`
  select 'nobody has written down how a ticket came to its state' as problem, json_build_object('ticket_id', t.id, 'ticket', t.status) as ids
  from tickets t
  where t.status <> 'reserved' and not exists (select from ticket_events e where e.ticket_id = t.id and e.status = t.status)`

const keys = sql`
  select 'a key was stored without what its request made' as problem, json_build_object('actor', actor, 'key', key) as ids
  from idempotency_keys where status is null
  union all
  select 'a key names something that does not exist',
    json_build_object('actor', k.actor, 'key', k.key, 'kind', k.resource_kind, 'id', k.resource_id)
  from idempotency_keys k
  left join orders o on k.resource_kind = 'order' and o.id = k.resource_id
  left join payments p on k.resource_kind = 'payment' and p.id = k.resource_id
  left join tickets t on k.resource_kind = 'ticket' and t.id = k.resource_id
  left join sessions s on k.resource_kind = 'session' and s.id = k.resource_id
  left join session_swaps w on k.resource_kind = 'swap' and w.id = k.resource_id
  where k.status <> 204 and num_nonnulls(o.id, p.id, t.id, s.id, w.id) = 0
  union all
  select 'a key says that a session was deleted, and it is there', json_build_object('actor', k.actor, 'key', k.key, 'id', s.id)
  from idempotency_keys k join sessions s on k.resource_kind = 'session' and s.id = k.resource_id
  where k.status = 204 and s.is_active`

export const orderChecks: Check[] = [
  {
    id: 'I3',
    sentence:
      'An order is paid when what remains of it is, canceled when nothing remains, and pending with every seat held; its tickets are its owner’s.',
    find: (db) => count(db, sql`${ticketStates} union all ${items} union all ${holds} union all ${owners} union all ${history}`),
  },
  {
    id: 'I6',
    sentence: 'A request with an Idempotency-Key has had one effect, and the key names it.',
    find: (db) => count(db, keys),
  },
]
