import { type SelectQueryBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { DB, OrderStatus } from '#platform/db/types.gen.ts'
import type { Buyer } from '#platform/http/access.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'
import { money } from '#platform/money.ts'
import { sourcesOf } from '#platform/transitions.ts'
import { transitions } from './rules.ts'
import type { OrderItem } from './schemas.ts'

const now = sql<Date>`app.now()`

/** Past its deadline an order reads as expired, swept or not. */
const readStatus = sql<OrderStatus>`case when o.status = 'pending' and o.expires_at <= app.now() then 'expired' else o.status end`

export type LockedOrder = {
  id: number
  user_id: number | null
  guest_id: string | null
  email: string | null
  status: OrderStatus
  currency: string
  total_minor: number
  is_overdue: boolean
  extended_at: Date | null
}

const ownedBy = <O>(query: SelectQueryBuilder<DB & { o: DB['orders'] }, 'o', O>, owner: Buyer) =>
  owner.kind === 'user' ? query.where('o.user_id', '=', owner.id) : query.where('o.guest_id', '=', owner.id)

export const views = (db: Db, ids: number[]) =>
  db
    .selectFrom('orders as o')
    .select([
      'o.id',
      'o.reference',
      'o.email',
      'o.currency',
      'o.expires_at',
      'o.promo_code',
      'o.created_at',
      'o.updated_at',
      'o.user_id',
      'o.guest_id',
    ])
    .select([
      readStatus.as('status'),
      now.as('server_time'),
      money('o.subtotal_minor').as('subtotal'),
      money('o.discount_minor').as('discount'),
      money('o.fees_minor').as('fees'),
      money('o.tax_minor').as('tax'),
      money('o.tax_included_minor').as('tax_included'),
      sql<OrderItem['trace']>`o.trace`.as('trace'),
      money('o.total_minor').as('total'),
      sql<number>`coalesce((select points from loyalty_redemptions r where r.order_id = o.id and r.state <> 'released'), 0)`.as(
        'points',
      ),
      sql<number>`case when o.status = 'pending' and o.expires_at > app.now()
        then (o.total_minor - coalesce((select x.credit_minor from exchanges x where x.new_order_id = o.id), 0)) / 100.0 else 0 end::float8`.as(
        'amount_due',
      ),
    ])
    .where('o.id', 'in', ids)
    .execute()

export const itemsOf = (db: Db, orderIds: number[]): Promise<(OrderItem & { order_id: number })[]> =>
  db
    .selectFrom('order_items as i')
    .leftJoin('tickets as t', 't.id', 'i.ticket_id')
    .select(['i.id', 'i.order_id', 'i.kind', 'i.session_id', 'i.ticket_id', 'i.movie_id', 'i.title', 't.ticket_type'])
    .select([
      money('i.price_minor').as('price'),
      money('i.discount_minor').as('discount'),
      money('i.total_minor').as('total'),
      sql<boolean>`i.canceled_at is not null`.as('is_canceled'),
      sql<OrderItem['trace']>`i.trace`.as('trace'),
    ])
    .where('i.order_id', 'in', orderIds)
    .orderBy('i.id')
    .execute()

export const newestFirst: Order = { keys: [{ by: sql`o.id`, as: 'integer' }], falling: true }

export const findMine = (db: Db, owner: Buyer, status: OrderStatus | undefined, page: CursorPage) => {
  const query = ownedBy(db.selectFrom('orders as o').select('o.id'), owner)
  const filtered = status ? query.where(readStatus, '=', status) : query
  return Promise.all([cut(filtered.select(cursorKey(newestFirst)), newestFirst, page).execute(), countFor(db, filtered, page)])
}

/** Locks the order; later steps rely on nobody changing it meanwhile. */
export const lock = (db: Db, id: number): Promise<LockedOrder | undefined> =>
  db
    .selectFrom('orders')
    .select([
      'id',
      'user_id',
      'guest_id',
      'email',
      'status',
      'currency',
      'total_minor',
      'extended_at',
      sql<boolean>`expires_at <= app.now()`.as('is_overdue'),
    ])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

export const findIdByReference = async (db: Db, reference: string): Promise<number | undefined> =>
  (await db.selectFrom('orders').select('id').where('reference', '=', reference).executeTakeFirst())?.id

/** The deadline may move towards its new value, never past the longest hold counted from the first claim, and never back. */
export const moveDeadline = (db: Db, id: number, seconds: number, maxSeconds: number, from: 'now' | 'deadline') => {
  const start = from === 'now' ? sql`app.now()` : sql`expires_at`
  return db
    .updateTable('orders')
    .set({
      expires_at: sql<Date>`greatest(expires_at, least(${start} + make_interval(secs => ${seconds}), created_at + make_interval(secs => ${maxSeconds})))`,
      ...(from === 'deadline' ? { extended_at: now } : {}),
    })
    .where('id', '=', id)
    .execute()
}

export const mark = async (db: Db, id: number, status: OrderStatus): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('orders')
    .set({ status, ...(status === 'paid' ? { paid_at: now } : {}) })
    .where('id', '=', id)
    .where('status', 'in', sourcesOf(transitions, status))
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

type NewItem = {
  ticket_id: number
  session_id: number
  title: string
  price_minor: number
  discount_minor?: number
  total_minor: number
  trace: string
}

export const addItems = (db: Db, orderId: number, items: NewItem[]) =>
  db
    .insertInto('order_items')
    .values(items.map((item) => ({ ...item, order_id: orderId, kind: 'ticket' as const })))
    .execute()

export const changeItem = (db: Db, ticketId: number, price: Omit<NewItem, 'ticket_id' | 'session_id' | 'title'>) =>
  db.updateTable('order_items').set(price).where('ticket_id', '=', ticketId).execute()

export const removeItems = (db: Db, ticketIds: number[]) =>
  db.deleteFrom('order_items').where('ticket_id', 'in', ticketIds).execute()

/** The items that have not been given up. */
export const findLiveItems = (db: Db, orderId: number) =>
  db
    .selectFrom('order_items')
    .select(['id', 'ticket_id', 'total_minor'])
    .where('order_id', '=', orderId)
    .where('canceled_at', 'is', null)
    .orderBy('id')
    .execute()

export const countLiveItems = async (db: Db, orderId: number): Promise<number> => {
  const { count } = await db
    .selectFrom('order_items')
    .select(sql<number>`count(*)`.as('count'))
    .where('order_id', '=', orderId)
    .where('canceled_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

export const markExpired = (db: Db, ids: number[]) =>
  db
    .updateTable('orders')
    .set({ status: 'expired' })
    .where('id', 'in', ids)
    .where('status', 'in', sourcesOf(transitions, 'expired'))
    .execute()

/** Whoever has paid for a film to watch and was not given the money back. */
export const countMovieBuyers = async (db: Db, movie_id: number): Promise<number> => {
  const { total } = await db
    .selectFrom('order_items as i')
    .innerJoin('orders as o', 'o.id', 'i.order_id')
    .select(sql<number>`count(*)`.as('total'))
    .where('i.movie_id', '=', movie_id)
    .where('i.canceled_at', 'is', null)
    .where('o.status', 'in', ['paid', 'partially_refunded'])
    .executeTakeFirstOrThrow()
  return total
}
