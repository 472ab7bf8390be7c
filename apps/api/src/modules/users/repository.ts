import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Role } from '#platform/http/access.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'
import type { Locale } from '#platform/i18n.ts'
import { containing } from '#platform/text.ts'

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
  'marketing_consent',
  'last_login_at',
  'created_at',
  'updated_at',
] as const

/** What is left of an erased account is nobody. */
export const selectUsers = (db: Db) => db.selectFrom('users').where('erased_at', 'is', null)
type Users = ReturnType<typeof selectUsers>

/** Tickets and money are counted from their own tables when a user is shown; nothing on the user's row repeats them. */
export const shown = (db: Db, rows: Users) =>
  db
    .selectFrom(rows.selectAll('users').as('users'))
    .select(publicColumns)
    .select([
      sql<Locale>`locale`.as('locale'),
      sql<number>`coalesce((select points from loyalty_accounts a where a.user_id = users.id), 0)`.as('loyalty_points'),
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

export const findUser = (db: Db, id: number) => shown(db, selectUsers(db).where('id', '=', id)).executeTakeFirst()

/** The same text as that of the index. */
const searched = sql`(email || ' ' || username || ' ' || first_name || ' ' || last_name)`

export type UserFilter = { search?: string; role?: Role; is_active?: boolean; is_verified?: boolean; cinema_id?: number }

export const matching = (db: Db, { search, role, is_active, is_verified, cinema_id }: UserFilter): Users => {
  let query = selectUsers(db)
  if (search !== undefined) query = query.where(sql<boolean>`${searched} ilike ${containing(search)}`)
  if (role !== undefined) query = query.where('role', '=', role)
  if (is_active !== undefined) query = query.where('is_active', '=', is_active)
  if (is_verified !== undefined) query = query.where('is_verified', '=', is_verified)
  if (cinema_id !== undefined)
    query = query.where(sql<boolean>`id in (select user_id from staff_assignments where cinema_id = ${cinema_id})`)
  return query
}

export const newestFirst: Order = { keys: [{ by: sql`users.id`, as: 'integer' }], falling: true }

export const listUsers = (db: Db, filter: UserFilter, page: CursorPage) =>
  Promise.all([
    shown(db, cut(matching(db, filter), newestFirst, page))
      .select(cursorKey(newestFirst))
      .orderBy('id', 'desc')
      .execute(),
    countFor(db, matching(db, filter), page),
  ])

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
  marketing_consent?: boolean
  is_active?: boolean
  activated_at?: null
}

export const insertUser = (db: Db, user: NewUser) =>
  db
    .insertInto('users')
    .values({ ...user, ...(user.marketing_consent && { marketing_consent_at: sql<Date>`app.now()` }) })
    .returning(['id', 'role'])
    .executeTakeFirstOrThrow()

export const usernameExists = async (db: Db, username: string) =>
  (await db.selectFrom('users').select('id').where('username', '=', username).executeTakeFirst()) !== undefined

export const updateUser = (db: Db, id: number, changes: Partial<Omit<NewUser, 'hashed_password' | 'email' | 'username'>>) =>
  db
    .updateTable('users')
    .set(changes)
    .$if(changes.marketing_consent !== undefined, (update) =>
      update.set({
        // When somebody agreed, or took it back, is the proof of it.
        marketing_consent_at: sql<Date>`case when marketing_consent = ${changes.marketing_consent ?? null}
          then marketing_consent_at else app.now() end`,
      }),
    )
    .where('id', '=', id)
    .execute()

export const findCredentials = (db: Db, login: string) =>
  db
    .selectFrom('users')
    .select(['id', 'email', 'role', 'hashed_password', 'is_active', 'activated_at', 'deactivated_at'])
    .where(login.includes('@') ? 'email' : 'username', '=', login)
    .executeTakeFirst()

/** False when it was proved by a password that is not theirs any more. */
export const noteSignIn = async (db: Db, id: number, proved?: string): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ last_login_at: sql<Date>`app.now()`, failed_login_count: 0 })
    .where('id', '=', id)
    .$if(proved !== undefined, (update) => update.where('hashed_password', '=', proved ?? ''))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

const NOBODY = 0

/** Counted as failed until it has succeeded; nobody's tries are written down as well, as far as that goes. */
export const noteTry = (db: Db, id: number | undefined) =>
  db
    .updateTable('users')
    .set({ failed_login_count: sql<number>`failed_login_count + 1` })
    .where('id', '=', id ?? NOBODY)
    .execute()

export const assignCinema = (db: Db, user_id: number, cinema_id: number) =>
  db
    .insertInto('staff_assignments')
    .values({ user_id, cinema_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
