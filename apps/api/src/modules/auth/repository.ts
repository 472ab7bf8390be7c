import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { SignInMethod } from '#platform/db/types.gen.ts'
import type { Permission, Role } from '#platform/http/access.ts'

const now = sql<Date>`app.now()`

export type NewRefreshToken = {
  family_id: string
  user_id: number
  token_hash: string
  user_agent: string | null
  ip: string | null
  refresh_seconds: number
  sign_in_seconds: number
  method: SignInMethod
  is_strong: boolean
  /** Unset: the sign-in begins with this token. */
  started_at?: Date
}

/** It expires when it is not used, and at the latest when its sign-in is over. */
export const insertRefreshToken = (db: Db, { refresh_seconds, sign_in_seconds, ...token }: NewRefreshToken) =>
  db
    .insertInto('refresh_tokens')
    .values({
      ...token,
      expires_at: sql<Date>`least(app.now() + make_interval(secs => ${refresh_seconds}),
        coalesce(${token.started_at ?? null}::timestamptz, app.now()) + make_interval(secs => ${sign_in_seconds}))`,
    })
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

export const revokeFamily = (db: Db, family_id: string) =>
  db
    .updateTable('refresh_tokens')
    .set({ revoked_at: now })
    .where('family_id', '=', family_id)
    .where('revoked_at', 'is', null)
    .returning(['user_id', 'revoked_at'])
    .execute()

export const findFamily = async (db: Db, token_hash: string): Promise<string | undefined> =>
  (await db.selectFrom('refresh_tokens').select('family_id').where('token_hash', '=', token_hash).executeTakeFirst())?.family_id

/** Signs a person out everywhere; every process hears of it and forgets what it knew of them. */
export const endSignIns = async (tx: Db, user_id: number): Promise<void> => {
  await tx
    .updateTable('refresh_tokens')
    .set({ revoked_at: now })
    .where('user_id', '=', user_id)
    .where('revoked_at', 'is', null)
    .execute()
  await sql`select pg_notify('access_changed', ${String(user_id)})`.execute(tx)
}

type Bearer = { role: Role; permissions: Permission[]; is_everywhere: boolean; cinema_ids: number[]; is_strong: boolean }
type Claims = { id: number; sign_in: string; impersonated_by: number | null }

/** Nobody when the person is blocked or gone, the sign-in has ended, or whoever impersonates may not do so any more. */
export const findBearer = async (db: Db, { id, sign_in, impersonated_by }: Claims): Promise<Bearer | undefined> => {
  const { rows } = await sql<Bearer>`
    select u.role, r.is_everywhere,
      array(select permission from role_permissions where role = u.role) as permissions,
      array(select cinema_id from staff_assignments where user_id = u.id) as cinema_ids,
      signed_in.is_strong
    from users u
    join roles r on r.role = u.role
    cross join lateral (
      select bool_or(is_strong) as is_strong from refresh_tokens
      where family_id = ${sign_in}::uuid and user_id = coalesce(${impersonated_by}::bigint, u.id) and revoked_at is null) as signed_in
    where u.id = ${id} and u.is_active and signed_in.is_strong is not null
      and (${impersonated_by}::bigint is null or exists (
        select from users a join role_permissions p on p.role = a.role and p.permission = 'users.impersonate'
        where a.id = ${impersonated_by}::bigint and a.is_active))`.execute(db)
  return rows[0]
}

/** Each sign-in that still stands, the one used last first. */
export const listSignIns = async (db: Db, user_id: number) => {
  const { rows } = await sql<{
    id: string
    user_agent: string | null
    ip: string | null
    started_at: Date
    last_used_at: Date
    expires_at: Date
  }>`
    select family_id as id, (array_agg(user_agent order by id desc))[1] as user_agent, (array_agg(ip order by id desc))[1] as ip,
      min(created_at) as started_at, max(created_at) as last_used_at, max(expires_at) as expires_at
    from refresh_tokens where user_id = ${user_id} and revoked_at is null
    group by family_id having max(expires_at) > app.now() order by max(id) desc`.execute(db)
  return rows
}

export const revokeUser = async (db: Db, user_id: number): Promise<number> => {
  const { rows } = await sql<{ ended: number }>`
    with ended as (
      update refresh_tokens set revoked_at = app.now() where user_id = ${user_id} and revoked_at is null returning family_id
    )
    select count(distinct family_id)::integer as ended from ended`.execute(db)
  return rows[0]?.ended ?? 0
}
