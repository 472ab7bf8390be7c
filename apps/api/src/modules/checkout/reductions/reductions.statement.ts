import { sql } from 'kysely'

import type { KnownBuyer, PromotionLine, Snapshot } from '#modules/promotions/rules.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'

export type ReducibleOrder = {
  user_id: number | null
  buyer: KnownBuyer
  currency: string
  promo_code: string | null
  now: Date
}

/** At the counter an order is its seller's, who is not its buyer, neither by name nor by address. */
const buyer = sql<KnownBuyer>`
  case when o.rules #>> '{pricing,channel}' = 'counter'
    then jsonb_build_object('user_id', null, 'guest_id', o.guest_id, 'email', nullif(o.email, (select u.email from users u where u.id = o.user_id)))
    else jsonb_build_object('user_id', o.user_id, 'guest_id', o.guest_id, 'email', o.email) end`

export const findBuyer = async (db: Db, orderId: number): Promise<KnownBuyer | undefined> =>
  (await sql<{ buyer: KnownBuyer }>`select ${buyer} as buyer from orders o where o.id = ${orderId}`.execute(db)).rows[0]?.buyer

/** What decides beside its lines what is taken off an order. Its price is that of the moment when it was made. */
export const findReducible = async (db: Db, id: number): Promise<ReducibleOrder | undefined> => {
  const { rows } = await sql<ReducibleOrder>`
    select o.user_id, ${buyer} as buyer, o.currency, o.promo_code, o.created_at as now from orders o where o.id = ${id}`.execute(
    db,
  )
  return rows[0]
}

/** What promotions ask about a session, by the clock of its cinema. */
export type SessionFacts = Pick<
  PromotionLine,
  'movie_id' | 'cinema_id' | 'day' | 'weekday' | 'minute' | 'start_time' | 'early_bird_discount'
>

export const findSessionFacts = async (db: Db, ids: number[]): Promise<Map<number, SessionFacts>> => {
  const { rows } = await sql<SessionFacts & { id: number }>`
    select s.id, s.movie_id, h.cinema_id, s.business_day as day, extract(isodow from s.business_day)::integer as weekday,
      (extract(hour from s.start_time at time zone c.timezone) * 60 + extract(minute from s.start_time at time zone c.timezone))::integer as minute,
      s.start_time, s.early_bird_discount
    from sessions s join halls h on h.id = s.hall_id join cinemas c on c.id = h.cinema_id where s.id = any(${ids}::bigint[])`.execute(
    db,
  )
  return new Map(rows.map(({ id, ...facts }) => [id, facts]))
}

export const setCode = (tx: Tx, id: number, promo_code: string | null) =>
  tx.updateTable('orders').set({ promo_code }).where('id', '=', id).execute()

/** Null takes the snapshot away. */
export const writeSnapshot = async (tx: Tx, id: number, snapshot: Snapshot | null): Promise<void> => {
  await sql`
    update orders set rules = case when ${snapshot === null} then rules - 'promotions'
      else rules || jsonb_build_object('promotions', ${JSON.stringify(snapshot)}::jsonb) end
    where id = ${id} and (${snapshot !== null} or rules ? 'promotions')`.execute(tx)
}

/** What the items of an order cost, those that were given up too. */
export const findPrices = (db: Db, orderId: number) =>
  db
    .selectFrom('order_items')
    .select(['price_minor', 'total_minor', sql<boolean>`canceled_at is not null`.as('is_gone')])
    .where('order_id', '=', orderId)
    .execute()

/** What has gone back of an order so far, or pays another that its tickets were exchanged for. */
export const sumGivenBack = async (db: Db, orderId: number): Promise<number> => {
  const { minor } = await db
    .selectFrom('cancellations')
    .select(sql<number>`coalesce(sum(refund_minor), 0)::bigint`.as('minor'))
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow()
  return minor
}

/** Whether an order is in the name of somebody who takes money at a counter, and was sold there. */
export const isSoldByStaff = async (db: Db, orderId: number): Promise<boolean> => {
  const { rows } = await sql<{ is_sold: boolean }>`
    select exists (
      select from orders o join users u on u.id = o.user_id join role_permissions r on r.role = u.role and r.permission = 'tickets.manage'
      where o.id = ${orderId} and (o.rules -> 'pricing' ->> 'channel' = 'counter' or exists (
        select from payments p where p.order_id = o.id and p.status in ('success', 'partially_refunded', 'refunded') and p.method in ('cash', 'terminal')))
    ) as is_sold`.execute(db)
  return rows[0]?.is_sold ?? false
}
