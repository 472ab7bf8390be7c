import { type Expression, type RawBuilder, sql } from 'kysely'

import { givenBack } from '#modules/payments/rules.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { OrderStatus } from '#platform/db/types.gen.ts'
import type { Order } from '#platform/http/cursor.ts'
import { money } from '#platform/money.ts'
import type { OrderFilter, PaymentFilter, RefundFilter } from './schemas.ts'

/** `among`: where the asker works; null is everywhere. */
export type Within = { among: readonly number[] | null }

const newest = (id: RawBuilder<unknown>): Order => ({ keys: [{ by: id, as: 'integer' }], falling: true })
export const newestFirst = { orders: newest(sql`o.id`), payments: newest(sql`p.id`) }

type Condition = RawBuilder<boolean> | false
const present = (conditions: Condition[]) => conditions.filter((condition) => condition !== false)

/** Orders with a ticket for one of these cinemas. */
const shownAt = (cinemas: readonly number[]) => sql<boolean>`exists (
  select from tickets t join sessions s on s.id = t.session_id join halls h on h.id = s.hall_id
  where t.order_id = o.id and h.cinema_id = any(${cinemas}::bigint[]))`

const ofOrder = ({ user_id, cinema_id, reference }: Omit<OrderFilter, 'status'>, { among }: Within): Condition[] => [
  user_id !== undefined && sql<boolean>`o.user_id = ${user_id}`,
  reference !== undefined && sql<boolean>`o.reference = ${reference.toUpperCase()}`,
  cinema_id !== undefined && shownAt([cinema_id]),
  among !== null && shownAt(among),
]

const made = (at: RawBuilder<unknown>, { from, to }: Pick<OrderFilter, 'from' | 'to'>): Condition[] => [
  from !== undefined && sql<boolean>`${at} >= ${from}::timestamptz`,
  to !== undefined && sql<boolean>`${at} < ${to}::timestamptz`,
]

/** Past its deadline an order reads as expired, swept or not. */
const readStatus = sql<OrderStatus>`case when o.status = 'pending' and o.expires_at <= app.now() then 'expired' else o.status end`

const all = (conditions: Condition[]): Expression<boolean> => {
  const some = present(conditions)
  return some.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(some, sql` and `)}`
}

export const ordersLike = (db: Db, filter: OrderFilter, within: Within) =>
  db
    .selectFrom('orders as o')
    .where(
      all([
        ...ofOrder(filter, within),
        ...made(sql`o.created_at`, filter),
        filter.status !== undefined && sql<boolean>`${readStatus} = ${filter.status}`,
      ]),
    )

export const showOrders = (rows: ReturnType<typeof ordersLike>) =>
  rows
    .select(['o.id', 'o.reference', 'o.user_id', 'o.email', 'o.currency', 'o.created_at', 'o.paid_at', readStatus.as('status')])
    .select([
      money('o.subtotal_minor').as('subtotal'),
      money('o.discount_minor').as('discount'),
      money('o.fees_minor').as('fees'),
      money('o.tax_minor').as('tax'),
      money('o.total_minor').as('total'),
      sql<number>`(select count(*) from tickets t where t.order_id = o.id)`.as('tickets'),
    ])

export const paymentsLike = (db: Db, filter: PaymentFilter, within: Within) =>
  db
    .selectFrom('payments as p')
    .innerJoin('orders as o', 'o.id', 'p.order_id')
    .where(
      all([
        ...ofOrder(filter, within),
        ...made(sql`p.created_at`, filter),
        filter.status !== undefined && sql<boolean>`p.status = ${filter.status === 'successful' ? 'success' : filter.status}`,
        filter.method !== undefined && sql<boolean>`p.method = ${filter.method}`,
        filter.provider !== undefined && sql<boolean>`p.provider = ${filter.provider}`,
      ]),
    )

export const showPayments = (rows: ReturnType<typeof paymentsLike>) =>
  rows
    .select([
      'p.id',
      'p.order_id',
      'o.reference as order_reference',
      'o.user_id',
      'p.provider',
      'p.provider_reference',
      'p.method',
    ])
    .select(['p.status', 'p.currency', 'p.failure_code', 'p.created_at', 'p.captured_at', money('p.amount_minor').as('amount')])
    .select(sql<number>`(${givenBack} / 100.0)::float8`.as('refunded'))

export const refundsLike = (db: Db, filter: RefundFilter, within: Within) =>
  db
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .innerJoin('orders as o', 'o.id', 'p.order_id')
    .where(
      all([
        ...ofOrder(filter, within),
        ...made(sql`r.created_at`, filter),
        filter.status !== undefined && sql<boolean>`r.status = ${filter.status}`,
        filter.provider !== undefined && sql<boolean>`p.provider = ${filter.provider}`,
      ]),
    )

export const showRefunds = (rows: ReturnType<typeof refundsLike>) =>
  rows
    .select(['r.id', 'r.payment_id', 'p.order_id', 'o.reference as order_reference', 'o.user_id', 'p.provider', 'p.currency'])
    .select([
      'r.provider_reference',
      'r.status',
      'r.reason',
      'r.failure_code',
      'r.created_at',
      money('r.amount_minor').as('amount'),
    ])
