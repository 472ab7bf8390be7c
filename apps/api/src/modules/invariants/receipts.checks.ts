import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { type Check, count } from './check.ts'

const numbers = sql`
  with series as (
    select cinema_id, year, kind, count(*) as papers, min(number) as first, max(number) as last from receipts group by cinema_id, year, kind
  )
  select 'the numbers of a series of receipts have a gap' as problem,
    json_build_object('cinema_id', coalesce(n.cinema_id, s.cinema_id), 'year', coalesce(n.year, s.year), 'kind', coalesce(n.kind, s.kind),
      'last_number', n.last_number, 'papers', s.papers, 'first', s.first, 'last', s.last) as ids
  from series s full join receipt_series n on n.cinema_id = s.cinema_id and n.year = s.year and n.kind = s.kind
  where (s.first = 1 and s.last = s.papers and n.last_number = s.papers) is not true`

const amounts = sql`
  select 'a receipt is about another amount than its payment or refund' as problem,
    json_build_object('receipt_id', r.id, 'amount', r.amount_minor, 'payment', p.amount_minor, 'refund', b.amount_minor) as ids
  from receipts r left join payments p on p.id = r.payment_id left join refunds b on b.id = r.refund_id
  where (r.amount_minor = coalesce(p.amount_minor, b.amount_minor) and coalesce(b.status, 'success') = 'success'
    and coalesce(p.status, 'success') in ('success', 'partially_refunded', 'refunded')) is not true
  union all
  select 'the lines of a receipt do not add up to it', json_build_object('receipt_id', r.id, 'amount', r.amount_minor, 'lines', r.lines)
  from receipts r
  where r.amount_minor <> (select coalesce(sum((l ->> 'amount')::numeric), 0) * 100 from jsonb_array_elements(r.lines) l)
  union all
  select 'a payment has two receipts, or a refund two notes', json_build_object('payment_id', payment_id, 'refund_id', refund_id)
  from receipts group by payment_id, refund_id having count(*) > 1`

/** Since there are receipts, whatever has paid for something has one, or is on the list of those to be written. */
const missing = sql`
  select 'money came and nobody owes a receipt for it' as problem, json_build_object('payment_id', p.id, 'order_id', p.order_id) as ids
  from payments p
  where p.captured_at > (select min(issued_at) from receipts) and p.amount_minor > 0
    and exists (select from payment_items i where i.payment_id = p.id)
    and not exists (select from receipts r where r.payment_id = p.id) and not exists (select from receipt_dues d where d.payment_id = p.id)`

const late = sql`
  select 'a receipt was not written' as problem, json_build_object('payment_id', payment_id, 'refund_id', refund_id) as ids from receipt_dues`

const isAny = async (db: Db) => (await sql`select from receipts limit 1`.execute(db)).rows.length > 0

/** Not of the domain's thirteen: papers about money. */
export const receiptChecks: Check[] = [
  {
    id: 'R1',
    sentence: 'Each payment and each refund has one paper at most, about its whole amount, and their numbers have no gaps.',
    find: async (db, { queueDrained }) => {
      if (!(await isAny(db))) return 'no receipt has been issued yet'
      const always = sql`${numbers} union all ${amounts} union all ${missing}`
      return count(db, queueDrained ? sql`${always} union all ${late}` : always)
    },
  },
]
