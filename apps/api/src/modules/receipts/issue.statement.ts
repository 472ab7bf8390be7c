import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { PaperFacts } from './rules.ts'
import type { Receipt } from './schemas.ts'

export type Due = { id: number; payment_id: number | null; refund_id: number | null }

export const findDue = async (db: Db, limit: number): Promise<number[]> =>
  (await db.selectFrom('receipt_dues').select('id').orderBy('id').limit(limit).execute()).map(({ id }) => id)

/** Something to put on paper, unless it is there by now or somebody else is at it. */
export const lockDue = async (tx: Tx, id: number): Promise<Due | undefined> => {
  const { rows } = await sql<Due>`
    select id, payment_id, refund_id from receipt_dues where id = ${id} for update skip locked`.execute(tx)
  return rows[0]
}

/** A paper is of the cinema where the first thing of its order is shown. */
const order = sql`
  select o.id as order_id, o.currency, o.total_minor, o.tax_minor + o.tax_included_minor as tax_minor, o.rules -> 'pricing' as pricing,
    c.id as cinema_id, extract(year from app.now() at time zone c.timezone)::int as year
  from orders o
  join lateral (
    select c.id, c.timezone from order_items i join sessions s on s.id = i.session_id join halls h on h.id = s.hall_id
    join cinemas c on c.id = h.cinema_id where i.order_id = o.id order by i.id limit 1
  ) c on true`

const itemsOf = (table: 'payment_items' | 'refund_items', column: 'payment_id' | 'refund_id', id: number) => sql`
  (select coalesce(json_agg(json_build_object('title', i.title, 'booking_reference', t.booking_reference, 'price_minor', i.price_minor,
    'discount_minor', i.discount_minor, 'amount_minor', p.amount_minor) order by i.id), '[]')
  from ${sql.table(table)} p join order_items i on i.id = p.order_item_id left join tickets t on t.id = i.ticket_id
  where ${sql.ref(`p.${column}`)} = ${id})`

/** The difference for a seat of a lesser class was sold where the swap was that gave it up, in the same transaction. */
const sold = sql`
  (select coalesce(json_agg(json_build_object('id', i.id, 'ticket_id', i.ticket_id, 'cinema_id', coalesce(h.cinema_id, x.cinema_id),
    'total_minor', i.total_minor, 'cancellation_id', i.cancellation_id) order by i.id), '[]')
  from order_items i left join sessions s on s.id = coalesce(i.session_id, (
    select w.session_id from session_swaps w join session_swap_seats c on c.swap_id = w.id join tickets t on t.id = c.ticket_id
    where t.order_id = i.order_id and w.created_at = i.canceled_at limit 1))
  left join halls h on h.id = s.hall_id
  where i.order_id = x.order_id and (i.canceled_at is null or i.cancellation_id is not null))`

/** Whether the provider has given it yet or not, so that nobody's tax depends on which is quicker. */
const returned = sql`
  (select json_agg(json_build_object('cancellation_id', e.cancellation_id, 'returns_fees', coalesce(c.fees_minor > 0, true), 'amount_minor', e.amount_minor,
    'items', (select coalesce(json_agg(json_build_object('id', i.order_item_id, 'amount_minor', i.amount_minor)), '[]')
      from refund_items i where i.refund_id = e.id)) order by e.id)
  from refunds e join payments q on q.id = e.payment_id left join cancellations c on c.id = e.cancellation_id
  where q.order_id = x.order_id and e.id <= r.id and exists (select from payment_items i where i.payment_id = q.id))`

export type Facts = PaperFacts & { cinema_id: number; year: number }

export const readFacts = async (tx: Tx, { payment_id, refund_id }: Due): Promise<Facts | undefined> => {
  const query =
    payment_id === null
      ? sql<Facts>`select x.*, r.amount_minor, null::bigint as before_minor, ${sold} as sold, ${returned} as returned,
            ${itemsOf('refund_items', 'refund_id', refund_id ?? 0)} as items
          from refunds r join payments p on p.id = r.payment_id join (${order}) x on x.order_id = p.order_id where r.id = ${refund_id}`
      : sql<Facts>`select x.*, p.amount_minor, '[]'::json as sold, '[]'::json as returned, ${itemsOf('payment_items', 'payment_id', payment_id)} as items,
            (select coalesce(sum(e.amount_minor), 0)::bigint from payments e where e.order_id = p.order_id and e.id < p.id
              and exists (select from payment_items i where i.payment_id = e.id)) as before_minor
          from payments p join (${order}) x on x.order_id = p.order_id where p.id = ${payment_id}`
  return (await query.execute(tx)).rows[0]
}

type Series = { cinema_id: number; year: number; kind: Receipt['kind'] }

/** The next number of a series, which nobody else gets until the transaction ends; undone with it. */
export const takeNumber = async (tx: Tx, { cinema_id, year, kind }: Series): Promise<number> => {
  const { rows } = await sql<{ last_number: number }>`
    insert into receipt_series (cinema_id, year, kind, last_number) values (${cinema_id}, ${year}, ${kind}::receipt_kind, 1)
    on conflict (cinema_id, year, kind) do update set last_number = receipt_series.last_number + 1
    returning last_number`.execute(tx)
  return rows[0]?.last_number ?? 0
}

type NewReceipt = Series & {
  number: number
  order_id: number
  payment_id: number | null
  refund_id: number | null
  currency: string
  amount_minor: number
  seller: string
  lines: string
  taxes: string
}

export const insertReceipt = (tx: Tx, receipt: NewReceipt) => tx.insertInto('receipts').values(receipt).execute()

export const deleteDue = (db: Db, id: number) => db.deleteFrom('receipt_dues').where('id', '=', id).execute()
