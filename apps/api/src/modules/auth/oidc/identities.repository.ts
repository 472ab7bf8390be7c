import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

export const listIdentities = (db: Db, user_id: number) =>
  db
    .selectFrom('user_identities')
    .select(['id', 'provider', 'email', 'created_at', 'last_used_at'])
    .where('user_id', '=', user_id)
    .orderBy('created_at')
    .orderBy('id')
    .execute()

/** Whose it was, at which provider; undefined when this person has no such one. */
export const deleteIdentity = (tx: Db, user_id: number, id: number) =>
  tx.deleteFrom('user_identities').where('user_id', '=', user_id).where('id', '=', id).returning('provider').executeTakeFirst()

/** Whether a passkey, or an account at one of these providers, lets this person in. */
export const hasOtherWays = async (tx: Db, user_id: number, providers: string[]): Promise<boolean> => {
  const { rows } = await sql`
    select from passkeys where user_id = ${user_id}
    union all select from user_identities where user_id = ${user_id} and provider = any(${providers}::text[]) limit 1`.execute(tx)
  return rows.length > 0
}
