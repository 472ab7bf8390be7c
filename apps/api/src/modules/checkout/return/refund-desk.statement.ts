import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'
import { money } from '#platform/money.ts'
import type { RefundQuery } from './refund.schemas.ts'

export const newestFirst: Order = { keys: [{ by: sql`r.id`, as: 'integer' }], falling: true }

export type RefundFilter = Pick<RefundQuery, 'status' | 'cinema_id' | 'from' | 'to'> & {
  /** Only of orders that are shown nowhere else; null is everywhere. */
  within: readonly number[] | null
}

const cinemasOfOrder = sql`select h.cinema_id from tickets t join sessions s on s.id = t.session_id join halls h on h.id = s.hall_id
  where t.order_id = p.order_id`

const matching = (db: Db, { status, cinema_id, from, to, within }: RefundFilter) => {
  const conditions: (RawBuilder<boolean> | false)[] = [
    status !== undefined && sql<boolean>`r.status = ${status}::refund_status`,
    cinema_id !== undefined && sql<boolean>`${cinema_id} in (${cinemasOfOrder})`,
    within !== null && sql<boolean>`(select bool_and(cinema_id = any(${within}::bigint[])) from (${cinemasOfOrder}) as shown)`,
    from !== undefined && sql<boolean>`r.created_at >= ${from}::timestamptz`,
    to !== undefined && sql<boolean>`r.created_at < ${to}::timestamptz`,
  ]
  return db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .innerJoin('orders as o', 'o.id', 'p.order_id')
    .where((eb) => eb.and(conditions.filter((condition) => condition !== false)))
}

const shown = (rows: ReturnType<typeof matching>) =>
  rows
    .select([
      'r.id',
      'p.order_id',
      'o.reference as order_reference',
      'r.payment_id',
      'p.provider',
      'p.method',
      'p.currency',
      'r.status',
      'r.reason',
      'r.failure_code',
      'r.attempts',
      'r.retries',
      'r.created_at',
      'r.updated_at',
    ])
    .select(money('r.amount_minor').as('amount'))

export const findRefundPage = (db: Db, filter: RefundFilter, page: CursorPage) => {
  const rows = matching(db, filter)
  return Promise.all([cut(shown(rows).select(cursorKey(newestFirst)), newestFirst, page).execute(), countFor(db, rows, page)])
}

export const findRefundView = (db: Db, id: number) =>
  shown(matching(db, { within: null }))
    .where('r.id', '=', id)
    .executeTakeFirst()
