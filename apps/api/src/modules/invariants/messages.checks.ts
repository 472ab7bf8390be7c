import { sql } from 'kysely'

import { type Check, count } from './check.ts'

const wrong = sql`
  select 'an order has been confirmed twice' as problem, json_build_object('order_id', order_id, 'mail_ids', json_build_array(min(id), max(id))) as ids
  from mail_log where kind = 'order_paid' group by order_id having count(*) > 1
  union all
  select 'an order has been confirmed that was never paid', json_build_object('order_id', m.order_id, 'mail_id', m.id)
  from mail_log m left join orders o on o.id = m.order_id
  where m.kind = 'order_paid' and o.paid_at is null`

/** Orders without an address have nobody to tell; an order given back meanwhile needs no confirmation. */
const missing = sql`
  select 'a paid order has not been confirmed' as problem, json_build_object('order_id', o.id, 'mail_id', m.id) as ids
  from orders o
  left join users u on u.id = o.user_id
  left join mail_log m on m.order_id = o.id and m.kind = 'order_paid'
  where o.status in ('paid', 'partially_refunded') and coalesce(o.email, case when u.erased_at is null then u.email end) is not null and m.sent_at is null`

export const messageChecks: Check[] = [
  {
    id: 'I10',
    sentence: 'A paid order is confirmed by one mail at most, and by one when the queue has drained.',
    find: (db, { queueDrained }) => count(db, queueDrained ? sql`${wrong} union all ${missing}` : wrong),
  },
]
