import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { SignInMethod } from '#platform/db/types.gen.ts'

const now = sql<Date>`app.now()`

export type NewRefreshToken = {
  family_id: string
  user_id: number
  token_hash: string
  user_agent: string | null
  ip: string | null
  lifetime_seconds: number
  method: SignInMethod
  is_strong: boolean
  /** Unset: the sign-in begins with this token. */
  started_at?: Date
}

export const insertRefreshToken = (db: Db, { lifetime_seconds, ...token }: NewRefreshToken) =>
  db
    .insertInto('refresh_tokens')
    .values({ ...token, expires_at: sql<Date>`app.now() + make_interval(secs => ${lifetime_seconds})` })
    .onConflict((conflict) => conflict.column('token_hash').doNothing())
    .execute()

/** Locked, so that of two refreshes with one token the second sees what the first did. */
export const lockRefreshToken = (db: Db, token_hash: string, graceSeconds: number) =>
  db
    .selectFrom('refresh_tokens as t')
    .innerJoin('users as u', 'u.id', 't.user_id')
    .select(['t.id', 't.family_id', 't.user_id', 't.method', 't.is_strong', 't.started_at', 'u.role', 'u.is_active'])
    .select([
      sql<boolean>`t.revoked_at is null and t.expires_at > app.now()`.as('is_live'),
      sql<boolean>`t.rotated_at is not null`.as('is_rotated'),
      sql<boolean>`coalesce(t.rotated_at > app.now() - make_interval(secs => ${graceSeconds}), false)`.as('is_in_grace'),
    ])
    .where('t.token_hash', '=', token_hash)
    .forUpdate('t')
    .executeTakeFirst()

export const markRotated = (db: Db, id: number) =>
  db.updateTable('refresh_tokens').set({ rotated_at: now }).where('id', '=', id).execute()

/** Ends a sign-in; every process hears of it with the commit, and forgets what it knew of this person. */
export const revokeFamily = (db: Db, family_id: string) =>
  sql`
    with ended as (
      update refresh_tokens set revoked_at = app.now() where family_id = ${family_id} and revoked_at is null returning user_id
    )
    select pg_notify('access_changed', user_id::text) from (select distinct user_id from ended) as people`.execute(db)

export const findFamily = async (db: Db, token_hash: string): Promise<string | undefined> =>
  (await db.selectFrom('refresh_tokens').select('family_id').where('token_hash', '=', token_hash).executeTakeFirst())?.family_id
