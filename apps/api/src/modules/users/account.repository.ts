import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Locale } from '#platform/i18n.ts'

const now = sql<Date>`app.now()`
const marks = ['id', 'role', 'email', 'username', 'is_active', 'is_verified', 'activated_at', 'deactivated_at'] as const

const accounts = (db: Db) => db.selectFrom('users').select(marks)

export const findByEmail = (db: Db, email: string) => accounts(db).where('email', '=', email).executeTakeFirst()

export const findAccount = (db: Db, id: number) => accounts(db).where('id', '=', id).executeTakeFirst()

export const lockAccount = (db: Db, id: number) => accounts(db).where('id', '=', id).forNoKeyUpdate().executeTakeFirstOrThrow()

export const findSecret = async (db: Db, id: number): Promise<string | undefined> =>
  (await db.selectFrom('users').select('hashed_password').where('id', '=', id).executeTakeFirst())?.hashed_password

export const findAddressee = (db: Db, id: number) =>
  db
    .selectFrom('users')
    .select(['email', sql<Locale>`locale`.as('locale')])
    .where('id', '=', id)
    .where('erased_at', 'is', null)
    .executeTakeFirst()

export const activate = (db: Db, id: number) =>
  db
    .updateTable('users')
    .set({ is_active: true, is_verified: true, activated_at: sql`coalesce(activated_at, app.now())`, deactivated_at: null })
    .where('id', '=', id)
    .execute()

export const deactivate = (db: Db, id: number) =>
  db.updateTable('users').set({ is_active: false, deactivated_at: now }).where('id', '=', id).execute()

export const setPassword = (db: Db, id: number, hashed_password: string) =>
  db.updateTable('users').set({ hashed_password }).where('id', '=', id).execute()

/** Locks an account whose ways in are about to change. */
export const lockSecret = async (tx: Db, id: number): Promise<string> => {
  const { hashed_password } = await tx
    .selectFrom('users')
    .select('hashed_password')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  return hashed_password
}

/** The same password, hashed anew; false when it is another by now. */
export const replaceHash = async (db: Db, id: number, was: string, hashed_password: string): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ hashed_password })
    .where('id', '=', id)
    .where('hashed_password', '=', was)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Whoever opened a link in a mail to this address has shown that it is theirs. */
export const setVerified = (db: Db, id: number) =>
  db.updateTable('users').set({ is_verified: true }).where('id', '=', id).execute()

export const setEmail = (db: Db, id: number, email: string) =>
  db.updateTable('users').set({ email, is_verified: true }).where('id', '=', id).execute()
