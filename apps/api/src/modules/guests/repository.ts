import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Locale } from '#platform/i18n.ts'

/** Longer than a browser keeps the cookie. */
const LIFETIME = sql<Date>`app.now() + interval '31 days'`

export const insertGuest = (db: Db, token_hash: string, locale: Locale) =>
  db.insertInto('guests').values({ token_hash, locale, forget_at: LIFETIME }).returning('id').executeTakeFirstOrThrow()

export const findGuest = (db: Db, token_hash: string) =>
  db.selectFrom('guests').select('id').where('token_hash', '=', token_hash).executeTakeFirst()

/** Whoever comes again is remembered longer; who is kept for an order stays so. */
export const renewGuest = (db: Db, token_hash: string, locale: Locale | undefined) =>
  db
    .updateTable('guests')
    .set({
      forget_at: sql<Date>`case when forget_at is not null then app.now() + interval '31 days' end`,
      ...(locale && { locale }),
    })
    .where('token_hash', '=', token_hash)
    .returning('id')
    .executeTakeFirst()

/** Whose orders have gone to an account has nothing left to be kept for. */
export const releaseGuests = (db: Db, ids: string[]) =>
  db.updateTable('guests').set({ forget_at: LIFETIME }).where('id', 'in', ids).where('forget_at', 'is', null).execute()

/** The next guests whose time has come, locked; somebody who is just reserving is left for later. */
export const lockDue = async (db: Db, most: number): Promise<string[]> => {
  const rows = await db
    .selectFrom('guests')
    .select('id')
    .where('forget_at', '<=', sql<Date>`app.now()`)
    .orderBy('forget_at')
    .limit(most)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(({ id }) => id)
}

/** A statement of its own after the lock: it sees every order that was made before. */
export const forget = async (db: Db, ids: string[]): Promise<number> => {
  const hasOrders = sql<boolean>`exists (select from orders o where o.guest_id = guests.id)`
  await db.updateTable('guests').set({ forget_at: null }).where('id', 'in', ids).where(hasOrders).execute()
  const { numDeletedRows } = await db
    .deleteFrom('guests')
    .where('id', 'in', ids)
    .where((eb) => eb.not(hasOrders))
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
