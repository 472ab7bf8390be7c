import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

/** A browser keeps its cookie no longer than that. */
const PLACES_DAYS = 400
/** Whoever took an address and never proved it must let it go, so that its owner can have it. */
const PENDING_DAYS = 7

const expired = {
  account_tokens: sql`expires_at <= app.now()`,
  refresh_tokens: sql`expires_at <= app.now()`,
  auth_tries: sql`until <= app.now()`,
  known_places: sql`last_seen_at <= app.now() - make_interval(days => ${PLACES_DAYS})`,
}
export type Perishable = keyof typeof expired
export const perishables = Object.keys(expired) as Perishable[]

/** The next of what is of no use any more; what somebody is just using is left for later. */
export const forgetNext = async (db: Db, table: Perishable, most: number): Promise<number> => {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where ctid = any(array(
      select ctid from ${sql.table(table)} where ${expired[table]} limit ${most} for update skip locked))`.execute(db)
  return Number(numAffectedRows ?? 0)
}

export const pendingTooLong = async (db: Db, most: number): Promise<number[]> => {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('activated_at', 'is', null)
    .where('is_active', '=', false)
    .where('created_at', '<=', sql<Date>`app.now() - make_interval(days => ${PENDING_DAYS})`)
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(({ id }) => id)
}

/** Asked again with the row in hand: it may have been activated since. */
export const deletePending = (db: Db, id: number) =>
  db.deleteFrom('users').where('id', '=', id).where('activated_at', 'is', null).where('is_active', '=', false).execute()
