import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

const now = sql<Date>`app.now()`

/** The newest token of each sign-in that has not ended: it was the last to be seen. */
const newest = (db: Db, user_id: number) =>
  db
    .selectFrom('refresh_tokens')
    .where('user_id', '=', user_id)
    .where('rotated_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)

export const listSignIns = (db: Db, user_id: number) =>
  newest(db, user_id)
    .select([
      'family_id as id',
      'user_agent',
      'ip',
      'method',
      'is_strong',
      'started_at',
      'created_at as last_seen_at',
      'expires_at',
    ])
    .orderBy('created_at', 'desc')
    .orderBy('family_id')
    .execute()

/** Every process hears of it with the commit, and forgets what it knew of this person. */
const tellAll = (tx: Db, user_id: number) => sql`select pg_notify('access_changed', ${String(user_id)})`.execute(tx)

/** Ends one sign-in of this person; false when there is none. */
export const endSignIn = async (tx: Db, user_id: number, family_id: string): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('refresh_tokens')
    .set({ revoked_at: now })
    .where('user_id', '=', user_id)
    .where('family_id', '=', family_id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) await tellAll(tx, user_id)
  return numUpdatedRows > 0n
}

export const endAllSignIns = async (tx: Db, user_id: number): Promise<void> => {
  await tx
    .updateTable('refresh_tokens')
    .set({ revoked_at: now })
    .where('user_id', '=', user_id)
    .where('revoked_at', 'is', null)
    .execute()
  await tellAll(tx, user_id)
}

/** Whether this person signed in, on this device, within so many seconds. */
export const isFresh = async (db: Db, user_id: number, family_id: string, seconds: number): Promise<boolean> => {
  const found = await newest(db, user_id)
    .select('id')
    .where('family_id', '=', family_id)
    .where(sql<boolean>`started_at > app.now() - make_interval(secs => ${seconds})`)
    .executeTakeFirst()
  return found !== undefined
}

/** From now on this sign-in counts as proved by a second factor. */
export const markStrong = (tx: Db, user_id: number, family_id: string) =>
  tx
    .updateTable('refresh_tokens')
    .set({ is_strong: true })
    .where('user_id', '=', user_id)
    .where('family_id', '=', family_id)
    .execute()
