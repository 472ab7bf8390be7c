import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { LoyaltyKind } from '#platform/db/types.gen.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'
import type { Spent } from './rules.ts'

/** What stands behind an entry; `amount_minor` is money spent, or given back when it is negative. */
export type NewEntry = {
  user_id: number
  kind: LoyaltyKind
  points: number
  amount_minor?: number
  order_id?: number | null
}

export const findAccount = (db: Db, user_id: number) =>
  db.selectFrom('loyalty_accounts').select(['points', 'reserved']).where('user_id', '=', user_id).executeTakeFirst()

/** Makes the account if there is none; whoever else changes it waits. */
export const lockAccount = async (tx: Tx, user_id: number) => {
  await tx
    .insertInto('loyalty_accounts')
    .values({ user_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return tx
    .selectFrom('loyalty_accounts')
    .select(['points', 'reserved'])
    .where('user_id', '=', user_id)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** Adds an entry and what it means for the balance of a locked account; both or neither. */
export const addEntry = async (tx: Tx, { user_id, kind, points, amount_minor = 0, order_id = null }: NewEntry, days: number) => {
  const lasts = kind === 'earned' || kind === 'returned'
  await tx
    .insertInto('loyalty_entries')
    .values({
      user_id,
      kind,
      points,
      amount_minor,
      order_id,
      expires_at: lasts ? sql<Date>`app.now() + make_interval(days => ${days}::int)` : null,
    })
    .execute()
  await tx
    .updateTable('loyalty_accounts')
    .set({ points: sql<number>`points + ${points}::bigint` })
    .where('user_id', '=', user_id)
    .execute()
}

export const changeReserved = (tx: Tx, user_id: number, points: number) =>
  tx
    .updateTable('loyalty_accounts')
    .set({ reserved: sql<number>`reserved + ${points}::bigint` })
    .where('user_id', '=', user_id)
    .execute()

export const sumSpent = async (db: Db, user_id: number): Promise<number> => {
  const { spent } = await db
    .selectFrom('loyalty_entries')
    .select(sql<number>`coalesce(sum(amount_minor), 0)::bigint`.as('spent'))
    .where('user_id', '=', user_id)
    .where('created_at', '>', sql<Date>`app.now() - interval '12 months'`)
    .executeTakeFirstOrThrow()
  return spent
}

/** `counted_minor`: what of its money still counts for the tier. */
type OfOrder = Spent & { user_id: number; counted_minor: number }

/** The points of one order, and whose they are; undefined when it had none. */
export const findOfOrder = async (db: Db, order_id: number): Promise<OfOrder | undefined> => {
  const { rows } = await sql<OfOrder>`
    select user_id, coalesce(sum(points) filter (where kind = 'earned'), 0)::bigint as earned,
      coalesce(-sum(points) filter (where kind = 'reversed'), 0)::bigint as reversed,
      coalesce(-sum(points) filter (where kind = 'redeemed'), 0)::bigint as redeemed,
      coalesce(sum(points) filter (where kind = 'returned'), 0)::bigint as returned, coalesce(sum(amount_minor), 0)::bigint as counted_minor
    from loyalty_entries where order_id = ${order_id} group by user_id`.execute(db)
  return rows[0]
}

export const newestFirst: Order = { keys: [{ by: sql`e.id`, as: 'integer' }], falling: true }

export const listEntries = (db: Db, user_id: number, page: CursorPage) => {
  const query = db.selectFrom('loyalty_entries as e').where('e.user_id', '=', user_id)
  const columns = ['e.id', 'e.kind', 'e.points', 'e.order_id', 'e.expires_at', 'e.created_at'] as const
  return Promise.all([
    cut(query.select(columns).select(cursorKey(newestFirst)), newestFirst, page).execute(),
    countFor(db, query.select('e.id'), page),
  ])
}

/**
 * Points are spent oldest first: of all that came with a date until now, what was not spent, taken back or lost is lost.
 */
const lost = sql`greatest(0, coalesce(sum(points) filter (where expires_at <= app.now()), 0) + coalesce(sum(points) filter (where points < 0), 0))::bigint`

/** The next people after this one who may have lost something. */
export const findDue = async (db: Db, after: number, limit: number): Promise<number[]> => {
  const { rows } = await sql<{ user_id: number }>`
    select distinct e.user_id from loyalty_entries e join loyalty_accounts a on a.user_id = e.user_id
    where e.expires_at <= app.now() and e.expires_at > coalesce(a.expired_until, '-infinity') and e.user_id > ${after} order by e.user_id limit ${limit}`.execute(
    db,
  )
  return rows.map(({ user_id }) => user_id)
}

export const sumLost = async (tx: Tx, user_id: number): Promise<number> => {
  const { rows } = await sql<{ lost: number }>`select ${lost} as lost from loyalty_entries where user_id = ${user_id}`.execute(tx)
  return rows[0]?.lost ?? 0
}

export const noteExpired = (tx: Tx, user_id: number) =>
  tx
    .updateTable('loyalty_accounts')
    .set({ expired_until: sql<Date>`app.now()` })
    .where('user_id', '=', user_id)
    .execute()

/** The next points to be lost: what comes with the earliest date, less all that has been spent before it. */
export const findExpiring = async (db: Db, user_id: number) => {
  const { rows } = await sql<{ expires_at: Date; points: number }>`
    select expires_at, (running - used)::bigint as points from (
      select expires_at, sum(points) over (order by expires_at, id) as running,
        (select coalesce(-sum(points), 0) from loyalty_entries where user_id = ${user_id} and points < 0) as used
      from loyalty_entries where user_id = ${user_id} and expires_at is not null
    ) lots
    where running > used order by expires_at limit 1`.execute(db)
  return rows[0] ?? null
}
