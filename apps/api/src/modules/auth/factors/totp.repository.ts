import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'

const now = sql<Date>`app.now()`

export const findTotp = (db: Db, user_id: number) =>
  db.selectFrom('user_totp').select(['sealed_secret', 'confirmed_at']).where('user_id', '=', user_id).executeTakeFirst()

/** Begins anew unless one is confirmed; false then. */
export const startTotp = async (db: Db, user_id: number, sealed_secret: string): Promise<boolean> => {
  const { rows } = await sql`
    insert into user_totp (user_id, sealed_secret) values (${user_id}, ${sealed_secret})
    on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0
      where user_totp.confirmed_at is null
    returning user_id`.execute(db)
  return rows.length > 0
}

/**
 * Counts a try before it is known how it ends, so that a thousand at once are a thousand. Answers undefined when there
 * may be one, or the seconds until there may.
 */
export const countTry = async (db: Db, user_id: number, most: number, seconds: number): Promise<number | undefined> => {
  const { rows } = await sql`
    update user_totp
       set tries = case when blocked_until is null then tries + 1 else 1 end,
           blocked_until = case when blocked_until is null and tries + 1 >= ${most}::int then app.now() + make_interval(secs => ${seconds}) end
     where user_id = ${user_id} and (blocked_until is null or blocked_until <= app.now())
    returning user_id`.execute(db)
  if (rows.length > 0) return undefined
  const blocked = await db
    .selectFrom('user_totp')
    .select(sql<number>`greatest(1, ceil(extract(epoch from blocked_until - app.now())))::int`.as('seconds'))
    .where('user_id', '=', user_id)
    .executeTakeFirst()
  return blocked?.seconds ?? 1
}

/** Takes a step once: of two requests with one code the second finds it gone. */
export const takeStep = async (db: Db, user_id: number, step: number): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('user_totp')
    .set({ last_step: step, tries: 0, blocked_until: null })
    .where('user_id', '=', user_id)
    .where('last_step', '<', step)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const takeRecoveryCode = async (tx: Db, user_id: number, hashes: string[]): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('recovery_codes')
    .set({ used_at: now })
    .where('user_id', '=', user_id)
    .where('code_hash', 'in', hashes)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await tx.updateTable('user_totp').set({ tries: 0, blocked_until: null }).where('user_id', '=', user_id).execute()
  return true
}

export const confirmTotp = async (tx: Db, user_id: number): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('user_totp')
    .set({ confirmed_at: now })
    .where('user_id', '=', user_id)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const replaceRecoveryCodes = async (tx: Db, user_id: number, hashes: string[]): Promise<void> => {
  await tx.deleteFrom('recovery_codes').where('user_id', '=', user_id).execute()
  await tx
    .insertInto('recovery_codes')
    .values(hashes.map((code_hash) => ({ user_id, code_hash })))
    .execute()
}

export const countRecoveryCodes = async (db: Db, user_id: number): Promise<number> => {
  const { left } = await db
    .selectFrom('recovery_codes')
    .select((of) => of.fn.countAll<number>().as('left'))
    .where('user_id', '=', user_id)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return left
}

/** Whether this person has something to show beside a password. */
export const hasFactor = async (tx: Db, user_id: number): Promise<boolean> => {
  const { rows } = await sql`
    select from user_totp where user_id = ${user_id} and confirmed_at is not null
    union all select from passkeys where user_id = ${user_id} limit 1`.execute(tx)
  return rows.length > 0
}

/** All that somebody has to show beside a password. Answers whether there was anything. */
export const removeFactors = async (tx: Db, user_id: number): Promise<boolean> => {
  const had = await hasFactor(tx, user_id)
  await removeTotp(tx, user_id)
  await tx.deleteFrom('passkeys').where('user_id', '=', user_id).execute()
  return had
}

export const removeTotp = async (tx: Db, user_id: number): Promise<void> => {
  await tx.deleteFrom('recovery_codes').where('user_id', '=', user_id).execute()
  await tx.deleteFrom('user_totp').where('user_id', '=', user_id).execute()
}
