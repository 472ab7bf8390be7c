import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Locale } from '#platform/i18n.ts'

const now = sql<Date>`app.now()`
const marks = ['id', 'role', 'email', 'username', 'is_active', 'is_verified', 'activated_at', 'deactivated_at'] as const

const accounts = (db: Db) => db.selectFrom('users').select(marks)

export const findByEmail = (db: Db, email: string) => accounts(db).where('email', '=', email).executeTakeFirst()

export const findAccount = (db: Db, id: number) => accounts(db).where('id', '=', id).executeTakeFirst()

export const lockAccount = (db: Db, id: number) => accounts(db).where('id', '=', id).forNoKeyUpdate().executeTakeFirstOrThrow()

export const findSecret = (db: Db, id: number) =>
  accounts(db).select('hashed_password').where('id', '=', id).executeTakeFirstOrThrow()

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

/** Whoever opened a link in a mail to this address has shown that it is theirs. */
export const setVerified = (db: Db, id: number) =>
  db.updateTable('users').set({ is_verified: true }).where('id', '=', id).execute()

export const setEmail = (db: Db, id: number, email: string) =>
  db.updateTable('users').set({ email, is_verified: true }).where('id', '=', id).execute()
