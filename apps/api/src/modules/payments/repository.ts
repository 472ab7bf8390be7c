import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { PaymentMethod, PaymentStatus } from '#platform/db/types.gen.ts'
import { money } from '#platform/money.ts'
import { sourcesOf } from '#platform/transitions.ts'
import type { OurPayment, ProviderPayment } from './providers/provider.ts'
import { givenBack, transitions } from './rules.ts'
import type { PaymentSummary } from './schemas.ts'

const now = sql<Date>`app.now()`

const nextAction = sql<PaymentSummary['next_action']>`case
  when p.status <> 'pending' then 'none'
  when p.redirect_url is not null then 'redirect'
  when p.client_secret is not null then 'confirm'
  else 'wait' end`

/** While an order is pending, a payment of which anything goes back goes back whole. */
const isKept = sql<boolean>`(p.status = 'success' and not exists (select from refunds r where r.payment_id = p.id))`

const viewOf = (db: Db) =>
  db
    .selectFrom('payments as p')
    .select([
      'p.id',
      'p.order_id',
      'p.provider',
      'p.method',
      'p.currency',
      'p.status',
      'p.client_secret',
      'p.redirect_url',
      'p.failure_code',
      'p.created_at',
    ])
    .select([
      money('p.amount_minor').as('amount'),
      sql<number>`(${givenBack} / 100.0)::float8`.as('refunded'),
      nextAction.as('next_action'),
    ])

export const findView = (db: Db, id: number): Promise<PaymentSummary | undefined> =>
  viewOf(db).where('p.id', '=', id).executeTakeFirst()
export const findViews = async (db: Db, ids: number[]): Promise<PaymentSummary[]> =>
  ids.length === 0 ? [] : viewOf(db).where('p.id', 'in', ids).execute()
export const findByOrders = (db: Db, orderIds: number[]): Promise<(PaymentSummary & { is_kept: boolean })[]> =>
  viewOf(db).select(isKept.as('is_kept')).where('p.order_id', 'in', orderIds).orderBy('p.id').execute()

/** Money that came for these orders and of which nothing was ever to go back, oldest first. */
export const findKept = (db: Db, orderIds: number[]) =>
  db
    .selectFrom('payments as p')
    .select(['p.id', 'p.order_id', 'p.amount_minor'])
    .where('p.order_id', 'in', orderIds)
    .where(isKept)
    .orderBy('p.id')
    .execute()

export const sumKept = async (db: Db, orderId: number): Promise<number> =>
  (await findKept(db, [orderId])).reduce((sum, { amount_minor }) => sum + amount_minor, 0)

export type NewPayment = {
  order_id: number
  provider: string
  method: PaymentMethod
  amount_minor: number
  currency: string
  is_external: boolean
}

export const insert = (db: Db, payment: NewPayment) =>
  db.insertInto('payments').values(payment).returning('id').executeTakeFirstOrThrow()

const lockedColumns = [
  'id',
  'order_id',
  'provider',
  'method',
  'amount_minor',
  'currency',
  'status',
  'provider_reference',
  'is_external',
  'created_at',
] as const

export const find = (db: Db, id: number) =>
  db.selectFrom('payments').select(lockedColumns).where('id', '=', id).executeTakeFirst()
export type PaymentRow = NonNullable<Awaited<ReturnType<typeof find>>>

/** As its provider is asked about it. */
export const asOurs = ({
  id: payment_id,
  amount_minor,
  currency,
  created_at,
  provider_reference: reference,
}: PaymentRow): OurPayment => ({
  payment_id,
  amount_minor,
  currency,
  created_at,
  reference,
})

/** By the name that its provider gave it. */
export const findByReference = (db: Db, provider: string, reference: string) =>
  db
    .selectFrom('payments')
    .select(lockedColumns)
    .where('provider', '=', provider)
    .where('provider_reference', '=', reference)
    .executeTakeFirst()

export const lock = (db: Db, id: number) =>
  db.selectFrom('payments').select(lockedColumns).where('id', '=', id).forUpdate().executeTakeFirst()

export const findInFlight = (db: Db, orderId: number) =>
  db
    .selectFrom('payments')
    .select(lockedColumns)
    .where('order_id', '=', orderId)
    .where('status', '=', 'pending')
    .where('is_external', '=', true)
    .executeTakeFirst()

/** What the provider told while the outcome is open. */
export const noteSeen = (db: Db, id: number, seen: ProviderPayment) =>
  db
    .updateTable('payments')
    .set({
      provider_reference: seen.reference,
      client_secret: seen.status === 'requires_confirmation' ? seen.client_secret : null,
      redirect_url: seen.redirect_url,
      last_asked_at: now,
    })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute()

export const noteAsked = (db: Db, id: number) =>
  db.updateTable('payments').set({ last_asked_at: now }).where('id', '=', id).execute()

type Ending = { reference: string | null; amount_minor?: number; currency?: string; failure_code?: string | null }

/** Takes one step of the state machine; false when the payment was there already, or may not go there. */
export const mark = async (db: Db, id: number, status: PaymentStatus, { reference, ...rest }: Ending): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('payments')
    .set({
      status,
      client_secret: null,
      redirect_url: null,
      ...(reference ? { provider_reference: reference } : {}),
      ...rest,
      ...(status === 'success' ? { captured_at: now } : {}),
    })
    .where('id', '=', id)
    .where('status', 'in', sourcesOf(transitions, status))
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Snapshots what payments paid for. */
export const insertItems = async (db: Db, items: { payment_id: number; order_item_id: number; amount_minor: number }[]) => {
  if (items.length > 0) await db.insertInto('payment_items').values(items).execute()
}

/** False when this event had been stored before. */
export const storeEvent = async (
  db: Db,
  event: { provider: string; event_id: string; type: string; payment_id: number },
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('webhook_events')
    .values(event)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export const hasEvent = async (db: Db, provider: string, event_id: string): Promise<boolean> =>
  (await db
    .selectFrom('webhook_events')
    .select('event_id')
    .where('provider', '=', provider)
    .where('event_id', '=', event_id)
    .executeTakeFirst()) !== undefined

/** External payments without an ending that nobody has asked about for a while. */
export const findOpen = async (db: Db, quietSeconds: number, limit: number): Promise<number[]> => {
  const rows = await db
    .selectFrom('payments')
    .select('id')
    .where('status', '=', 'pending')
    .where('is_external', '=', true)
    .where(sql<boolean>`coalesce(last_asked_at, created_at) < app.now() - make_interval(secs => ${quietSeconds})`)
    .orderBy('last_asked_at', (order) => order.asc().nullsFirst())
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

export const isOlderThan = async (db: Db, id: number, ageSeconds: number): Promise<boolean> => {
  const row = await db
    .selectFrom('payments')
    .select(sql<boolean>`created_at < app.now() - make_interval(secs => ${ageSeconds})`.as('is_old'))
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.is_old ?? false
}
