import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Locale } from '#platform/i18n.ts'

const publicColumns = [
  'id',
  'username',
  'email',
  'first_name',
  'last_name',
  'phone',
  'role',
  'is_active',
  'is_verified',
  'activated_at',
  'address',
  'city',
  'postal_code',
  'loyalty_points',
  'last_login_at',
  'created_at',
  'updated_at',
] as const

/** Tickets and money are counted from their own tables when a user is shown; nothing on the user's row repeats them. */
export const findUser = (db: Db, id: number) =>
  db
    .selectFrom('users')
    .select(publicColumns)
    .select([
      sql<Locale>`locale`.as('locale'),
      sql<string>`trim(first_name || ' ' || last_name)`.as('full_name'),
      sql<boolean>`role = 'admin'`.as('is_admin'),
      sql<number>`(select count(*) from tickets t where t.user_id = users.id and t.status in ('paid', 'used'))`.as(
        'tickets_count',
      ),
      sql<number>`(select coalesce(sum(p.amount_minor), 0) - coalesce(sum(r.given_back), 0) from orders o
        join payments p on p.order_id = o.id and p.status in ('success', 'refunded', 'partially_refunded')
        left join lateral (select sum(amount_minor) as given_back from refunds where payment_id = p.id and status <> 'failed') r on true
        where o.user_id = users.id) / 100.0`
        .$castTo<number>()
        .as('total_spent'),
    ])
    .where('id', '=', id)
    .executeTakeFirst()

export type NewUser = {
  username: string
  email: string
  hashed_password: string
  first_name: string
  last_name: string
  phone: string | null
  address: string | null
  city: string | null
  postal_code: string | null
  locale: Locale
}

export const insertUser = (db: Db, user: NewUser) =>
  db.insertInto('users').values(user).returning(['id', 'role']).executeTakeFirstOrThrow()

export const usernameExists = async (db: Db, username: string) =>
  (await db.selectFrom('users').select('id').where('username', '=', username).executeTakeFirst()) !== undefined

export const updateUser = (db: Db, id: number, changes: Partial<Omit<NewUser, 'hashed_password' | 'email' | 'username'>>) =>
  db.updateTable('users').set(changes).where('id', '=', id).execute()

export const findCredentials = (db: Db, login: string) =>
  db
    .selectFrom('users')
    .select(['id', 'role', 'hashed_password', 'is_active'])
    .where(login.includes('@') ? 'email' : 'username', '=', login)
    .executeTakeFirst()

export const noteSignIn = (db: Db, id: number) =>
  db
    .updateTable('users')
    .set({ last_login_at: sql<Date>`app.now()`, failed_login_count: 0 })
    .where('id', '=', id)
    .execute()

export const noteFailedSignIn = (db: Db, id: number) =>
  db
    .updateTable('users')
    .set({ failed_login_count: sql<number>`failed_login_count + 1` })
    .where('id', '=', id)
    .execute()
