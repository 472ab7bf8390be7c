import { sql } from 'kysely'

import { type Check, count } from './check.ts'

const sold = sql`
  select 'one seat has been paid for twice' as problem,
    json_build_object('session_id', session_id, 'seat_id', seat_id, 'ticket_ids', json_build_array(min(id), max(id))) as ids
  from tickets where status in ('paid', 'used')
  group by session_id, seat_id having count(*) > 1
  union all
  select 'a paid ticket does not have its seat', json_build_object('ticket_id', t.id, 'claim', c.state, 'claim_ticket_id', c.ticket_id)
  from tickets t left join seat_claims c on c.session_id = t.session_id and c.seat_id = t.seat_id
  where t.status in ('paid', 'used') and (c.state = 'sold' and c.ticket_id = t.id and c.order_id = t.order_id) is not true
  union all
  select 'a sold seat has no paid ticket', json_build_object('session_id', c.session_id, 'seat_id', c.seat_id, 'ticket_id', c.ticket_id)
  from seat_claims c
  left join tickets t on t.id = c.ticket_id and t.session_id = c.session_id and t.seat_id = c.seat_id and t.order_id = c.order_id
  where c.state = 'sold' and (t.status in ('paid', 'used')) is not true`

/** A hold whose time is over is free for everybody and may point to anything. */
const claimed = sql`
  select 'a held seat has no reserved ticket in a pending order' as problem,
    json_build_object('session_id', c.session_id, 'seat_id', c.seat_id, 'order_id', c.order_id, 'ticket_id', c.ticket_id) as ids
  from seat_claims c
  left join orders o on o.id = c.order_id
  left join tickets t on t.id = c.ticket_id and t.session_id = c.session_id and t.seat_id = c.seat_id and t.order_id = c.order_id
  where c.state = 'held' and c.expires_at > app.now() and (t.status = 'reserved' and o.status = 'pending') is not true
  union all
  select 'a hold does not end with its order', json_build_object('session_id', c.session_id, 'seat_id', c.seat_id, 'order_id', o.id)
  from seat_claims c join orders o on o.id = c.order_id
  where c.state = 'held' and c.expires_at > app.now() and c.expires_at <> o.expires_at
  union all
  select 'a sold seat has no paid ticket in a paid order', json_build_object('session_id', c.session_id, 'seat_id', c.seat_id, 'order_id', c.order_id)
  from seat_claims c
  left join orders o on o.id = c.order_id
  left join tickets t on t.id = c.ticket_id
  where c.state = 'sold' and (t.status in ('paid', 'used') and o.status in ('paid', 'partially_refunded')) is not true
  union all
  select 'a blocked seat has no reason, or an order', json_build_object('session_id', session_id, 'seat_id', seat_id, 'order_id', order_id)
  from seat_claims where state = 'blocked' and (reason is null or order_id is not null or ticket_id is not null)`

export const seatChecks: Check[] = [
  {
    id: 'I1',
    sentence: 'A seat is sold to one ticket at most, its claim names that ticket, and each sold claim names one.',
    find: (db) => count(db, sold),
  },
  {
    id: 'I2',
    sentence: 'Each live claim has its live ticket and order; a blocked seat has a reason and no order.',
    find: (db) => count(db, claimed),
  },
]
