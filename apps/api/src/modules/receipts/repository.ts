import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'
import { money } from '#platform/money.ts'
import type { Receipt, ReceiptFilter } from './schemas.ts'

export const newestFirst: Order = { keys: [{ by: sql`r.id`, as: 'integer' }], falling: true }

/** `within`: the cinemas where the asker works; null is everywhere. */
export type Wanted = ReceiptFilter & { within: readonly number[] | null }

const viewOf = (db: Db) =>
  db
    .selectFrom('receipts as r')
    .innerJoin('orders as o', 'o.id', 'r.order_id')
    .select([
      'r.id',
      'r.kind',
      'r.cinema_id',
      'r.year',
      'r.number',
      'r.order_id',
      'o.reference as order_reference',
      'r.payment_id',
      'r.refund_id',
      'r.currency',
      'r.issued_at',
    ])
    .select([
      money('r.amount_minor').as('amount'),
      sql<string>`case r.kind when 'receipt' then 'R' else 'C' end || '-' || r.cinema_id || '-' || r.year || '-' || lpad(r.number::text, 6, '0')`.as(
        'label',
      ),
      sql<Receipt['seller']>`r.seller`.as('seller'),
      sql<Receipt['lines']>`r.lines`.as('lines'),
      sql<Receipt['taxes']>`r.taxes`.as('taxes'),
    ])

export const findReceipt = (db: Db, id: number): Promise<Receipt | undefined> =>
  viewOf(db).where('r.id', '=', id).executeTakeFirst()

export const findOfOrder = (db: Db, orderId: number): Promise<Receipt[]> =>
  viewOf(db).where('r.order_id', '=', orderId).orderBy('r.id').execute()

const viewsLike = (db: Db, { cinema_id, kind, from, to, within }: Wanted) => {
  const conditions: (RawBuilder<boolean> | false)[] = [
    cinema_id !== undefined && sql<boolean>`r.cinema_id = ${cinema_id}`,
    within !== null && sql<boolean>`r.cinema_id = any(${within}::bigint[])`,
    kind !== undefined && sql<boolean>`r.kind = ${kind}::receipt_kind`,
    from !== undefined && sql<boolean>`r.issued_at >= ${from}::timestamptz`,
    to !== undefined && sql<boolean>`r.issued_at < ${to}::timestamptz`,
  ]
  return viewOf(db).where((eb) => eb.and(conditions.filter((condition) => condition !== false)))
}

/** The next so many behind an id, the newest first. */
export const findBehind = (db: Db, wanted: Wanted, last: number, limit: number): Promise<Receipt[]> =>
  viewsLike(db, wanted).where('r.id', '<', last).orderBy('r.id', 'desc').limit(limit).execute()

export const findPage = (db: Db, wanted: Wanted, page: CursorPage) => {
  const rows = viewsLike(db, wanted)
  return Promise.all([
    cut(rows.select(cursorKey(newestFirst)), newestFirst, page).execute(),
    countFor(db, rows.clearSelect(), page),
  ])
}
