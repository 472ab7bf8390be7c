import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

const now = sql<Date>`app.now()`
const shown = ['id', 'name', 'is_backed_up', 'last_used_at', 'created_at'] as const

export const listPasskeys = (db: Db, user_id: number) =>
  db
    .selectFrom('passkeys')
    .select(shown)
    .select(['credential_id', 'transports'])
    .where('user_id', '=', user_id)
    .orderBy('id')
    .execute()

export const insertChallenge = (db: Db, challenge: string, user_id: number | null, seconds: number) =>
  db
    .insertInto('passkey_challenges')
    .values({ challenge, user_id, expires_at: sql<Date>`app.now() + make_interval(secs => ${seconds})` })
    .execute()

/** Takes a challenge once, by whom it was made for. */
export const takeChallenge = async (db: Db, challenge: string, user_id: number | null): Promise<boolean> => {
  const { numDeletedRows } = await db
    .deleteFrom('passkey_challenges')
    .where('challenge', '=', challenge)
    .where('user_id', 'is not distinct from', user_id)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export const forgetChallenges = (db: Db) => db.deleteFrom('passkey_challenges').where('expires_at', '<=', now).execute()

export type NewPasskey = {
  user_id: number
  credential_id: string
  public_key: string
  counter: number
  transports: string[]
  name: string
  is_backed_up: boolean
}

export const insertPasskey = (tx: Db, passkey: NewPasskey) =>
  tx.insertInto('passkeys').values(passkey).returning(shown).executeTakeFirstOrThrow()

export const findPasskey = (db: Db, credential_id: string) =>
  db
    .selectFrom('passkeys')
    .select(['id', 'user_id', 'credential_id', 'public_key', 'counter'])
    .where('credential_id', '=', credential_id)
    .executeTakeFirst()

/** A counter that another use has moved on meanwhile means two copies of one key: false. Keys on many devices always say 0. */
export const usePasskey = async (db: Db, id: number, counter: number, is_backed_up: boolean): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('passkeys')
    .set({ counter, is_backed_up, last_used_at: now })
    .where('id', '=', id)
    .where((of) => of.or([of('counter', '<', counter), of.and([of('counter', '=', 0), of(of.val(counter), '=', of.val(0))])]))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const deletePasskey = async (tx: Db, user_id: number, id: number): Promise<boolean> => {
  const { numDeletedRows } = await tx
    .deleteFrom('passkeys')
    .where('user_id', '=', user_id)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
