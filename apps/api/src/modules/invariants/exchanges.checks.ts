import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { type Check, count } from './check.ts'

/** Money that went from an old order to a new one: the same amount and currency in both, of a payment that had it. */
const credits = sql`
  with credit as (
    select c.payment_id, p.order_id as new_order_id, p.amount_minor, p.currency, p.provider, p.is_external, r.amount_minor as taken, r.status,
      q.order_id as old_order_id, q.currency as old_currency, s.is_external or s.amount_minor = 0 as is_real
    from exchange_credits c
    join payments p on p.id = c.payment_id
    join refunds r on r.id = c.refund_id
    join payments q on q.id = r.payment_id
    join payments s on s.id = c.source_payment_id
  )
  select 'money was moved between orders and is not the same in both' as problem, to_json(credit) as ids
  from credit left join exchanges x on x.new_order_id = credit.new_order_id and x.old_order_id = credit.old_order_id and x.done_at is not null
  where amount_minor <> taken or currency <> old_currency or status <> 'success' or provider <> 'exchange' or is_external or not is_real or x.id is null
  union all
  select 'an order was paid by an exchange that there was not', json_build_object('payment_id', p.id, 'order_id', p.order_id)
  from payments p left join exchange_credits c on c.payment_id = p.id where p.provider = 'exchange' and c.payment_id is null
  union all
  select 'an exchange has moved another amount than it says', json_build_object('exchange_id', x.id, 'credit', x.credit_minor, 'moved', coalesce(m.minor, 0))
  from exchanges x
  left join (select new_order_id, sum(amount_minor) as minor from credit group by new_order_id) m on m.new_order_id = x.new_order_id
  where coalesce(m.minor, 0) <> case when x.done_at is null then 0 else x.credit_minor end`

const tickets = sql`
  select 'a ticket was exchanged and is still good, or what takes its place was never issued' as problem,
    json_build_object('exchange_id', x.id, 'old_ticket_id', o.id, 'old', o.status, 'new_ticket_id', n.id, 'new', n.status) as ids
  from exchange_tickets t
  join exchanges x on x.id = t.exchange_id
  join tickets o on o.id = t.old_ticket_id
  join tickets n on n.id = t.new_ticket_id
  where (x.done_at is null) <> (t.done_at is null) or o.order_id <> x.old_order_id or n.order_id <> x.new_order_id
    or x.done_at is not null and (o.status not in ('cancelled', 'refunded') or n.status in ('reserved', 'expired'))
    or x.done_at is null and n.status in ('paid', 'used', 'refunded')
  union all
  select 'a ticket was exchanged twice', json_build_object('old_ticket_id', old_ticket_id)
  from exchange_tickets where done_at is not null group by old_ticket_id having count(*) > 1`

const isAny = async (db: Db) => (await sql`select from exchanges limit 1`.execute(db)).rows.length > 0

/** Not of the domain's thirteen: what the ledger of one order alone cannot show. */
export const exchangeChecks: Check[] = [
  {
    id: 'X1',
    sentence: 'Exchanged tickets are no good, those in their place were issued, and what the old were worth pays for the new.',
    find: async (db) => ((await isAny(db)) ? count(db, sql`${credits} union all ${tickets}`) : 'nothing has been exchanged yet'),
  },
]
