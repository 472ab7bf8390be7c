import { sql } from 'kysely'

import { type Check, count } from './check.ts'

const LATE = sql`app.now() - interval '30 seconds'`
const QUIET = sql`app.now() - interval '2 minutes'`

/** While a payment is open its order and holds wait for the provider's word, and a person has been called. */
const overdue = sql`
  with waiting as (select order_id from payments where status = 'pending')
  select 'an order is overdue' as problem, json_build_object('order_id', o.id, 'expires_at', o.expires_at) as ids
  from orders o where o.status = 'pending' and o.expires_at < ${LATE} and o.id not in (select order_id from waiting)
  union all
  select 'a hold is overdue', json_build_object('session_id', c.session_id, 'seat_id', c.seat_id, 'order_id', c.order_id)
  from seat_claims c where c.state = 'held' and c.expires_at < ${LATE} and c.order_id not in (select order_id from waiting)
  union all
  select 'an overdue payment has no open alarm, or nobody has asked about it lately',
    json_build_object('payment_id', p.id, 'order_id', p.order_id, 'last_asked_at', p.last_asked_at, 'alarm_id', a.id)
  from payments p
  join orders o on o.id = p.order_id
  left join payment_alarms a on a.payment_id = p.id and a.kind = 'overdue' and a.resolved_at is null
  where p.status = 'pending' and o.expires_at < ${LATE} and (a.id is not null and p.last_asked_at > ${QUIET}) is not true`

export const deadlineChecks: Check[] = [
  {
    id: 'I7',
    sentence: 'Nothing outlives its deadline by 30 seconds; an overdue payment has an alarm and is asked about.',
    find: async (db, { sweeperRan }) => (sweeperRan ? count(db, overdue) : 'only when the sweeps have just run'),
  },
]
