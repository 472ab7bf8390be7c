import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

/** Whose identity this is; from now on seen just now. */
export const useIdentity = (tx: Db, provider: string, subject: string) =>
  tx
    .updateTable('user_identities')
    .set({ last_used_at: sql<Date>`app.now()` })
    .where('provider', '=', provider)
    .where('subject', '=', subject)
    .returning('user_id')
    .executeTakeFirst()

export const insertIdentity = (tx: Db, identity: { provider: string; subject: string; user_id: number; email: string }) =>
  tx
    .insertInto('user_identities')
    .values(identity)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
