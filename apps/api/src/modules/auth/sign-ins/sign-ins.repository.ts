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

/** Ends one sign-in of this person; false when there is none. A trigger tells every process. */
export const endSignIn = async (tx: Db, user_id: number, family_id: string): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('refresh_tokens')
    .set({ revoked_at: now })
    .where('user_id', '=', user_id)
    .where('family_id', '=', family_id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
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

/** Whether this sign-in was proved by a second factor. */
export const isStrong = async (db: Db, user_id: number, family_id: string): Promise<boolean> =>
  (await newest(db, user_id).select('is_strong').where('family_id', '=', family_id).executeTakeFirst())?.is_strong ?? false

/** From now on this sign-in counts as proved by a second factor. */
export const markStrong = (tx: Db, user_id: number, family_id: string) =>
  tx
    .updateTable('refresh_tokens')
    .set({ is_strong: true })
    .where('user_id', '=', user_id)
    .where('family_id', '=', family_id)
    .execute()
