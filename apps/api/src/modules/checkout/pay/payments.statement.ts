import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { PaymentStatus } from '#platform/db/types.gen.ts'
import type { Buyer } from '#platform/http/access.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'

export const newestFirst: Order = { keys: [{ by: sql`p.id`, as: 'integer' }], falling: true }

/** The payments of somebody's orders. */
export const findMyPayments = (db: Db, owner: Buyer, status: PaymentStatus | undefined, page: CursorPage) => {
  const mine = owner.kind === 'user' ? sql<boolean>`o.user_id = ${owner.id}` : sql<boolean>`o.guest_id = ${owner.id}::uuid`
  const all = db.selectFrom('payments as p').innerJoin('orders as o', 'o.id', 'p.order_id').select('p.id').where(mine)
  const rows = status === undefined ? all : all.where('p.status', '=', status)
  return Promise.all([cut(rows.select(cursorKey(newestFirst)), newestFirst, page).execute(), countFor(db, rows, page)])
}
