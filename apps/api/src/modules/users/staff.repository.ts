import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { Permission, Role } from '#platform/http/access.ts'
import { countFor, cursorKey, type CursorPage, cut } from '#platform/http/cursor.ts'
import { matching, newestFirst, selectUsers, shown, type UserFilter } from './repository.ts'

/** Null for who works everywhere. */
const cinemaIds = sql<number[] | null>`(
  select case when r.is_everywhere then null else array(select cinema_id from staff_assignments where user_id = users.id order by 1) end
  from roles r where r.role = users.role)`

type Rows = Parameters<typeof shown>[1]

const withCinemas = (db: Db, rows: Rows) => shown(db, rows).select(cinemaIds.as('cinema_ids'))

export const findOne = (db: Db, id: number) => withCinemas(db, selectUsers(db).where('id', '=', id)).executeTakeFirst()

export const listAll = (db: Db, filter: UserFilter, page: CursorPage) =>
  Promise.all([
    withCinemas(db, cut(matching(db, filter), newestFirst, page))
      .select(cursorKey(newestFirst))
      .orderBy('id', 'desc')
      .execute(),
    countFor(db, matching(db, filter), page),
  ])

export type Standing = { id: number; role: Role; is_active: boolean }

/** Admins first and in one order, so that two who take the role from each other at once do not leave the house without one. */
export const lockWithAdmins = async (tx: Tx, id: number): Promise<{ user: Standing | undefined; admins: number[] }> => {
  const rows = await tx
    .selectFrom('users')
    .select(['id', 'role', 'is_active'])
    .where('erased_at', 'is', null)
    .where((eb) => eb.or([eb('id', '=', id), eb('role', '=', 'admin')]))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return {
    user: rows.find((row) => row.id === id),
    admins: rows.filter(({ role, is_active }) => role === 'admin' && is_active).map((row) => row.id),
  }
}

export const setRole = (tx: Tx, id: number, role: Role) => tx.updateTable('users').set({ role }).where('id', '=', id).execute()

const activatedNow = sql<Date>`coalesce(activated_at, app.now())`

/** Also of somebody who has not come in yet, or has closed the account: neither opens it again by themselves. */
export const block = (tx: Tx, id: number) =>
  tx
    .updateTable('users')
    .set({ is_active: false, activated_at: activatedNow, deactivated_at: null })
    .where('id', '=', id)
    .execute()

/** Only what the cinema has blocked; who waits for activation, or has closed the account, is left so. */
export const unblock = (tx: Tx, id: number) =>
  tx
    .updateTable('users')
    .set({ is_active: true })
    .where('id', '=', id)
    .where('activated_at', 'is not', null)
    .where('deactivated_at', 'is', null)
    .execute()

/** Vouches for the address, as the link in a mail would have done. */
export const activate = (tx: Tx, id: number) =>
  tx
    .updateTable('users')
    .set({ is_active: sql<boolean>`is_active or activated_at is null`, is_verified: true, activated_at: activatedNow })
    .where('id', '=', id)
    .execute()

export const isEverywhere = async (db: Db, role: Role): Promise<boolean> =>
  (await db.selectFrom('roles').select('is_everywhere').where('role', '=', role).executeTakeFirstOrThrow()).is_everywhere

/** Leaves these and no others. */
export const setCinemas = async (tx: Tx, user_id: number, ids: readonly number[]): Promise<void> => {
  await sql`delete from staff_assignments where user_id = ${user_id} and cinema_id <> all (${ids}::bigint[])`.execute(tx)
  await sql`
    insert into staff_assignments (user_id, cinema_id) select ${user_id}, unnest(${ids}::bigint[]) on conflict do nothing`.execute(
    tx,
  )
}

export const listRoles = async (db: Db) => {
  const { rows } = await sql<{ role: Role; is_everywhere: boolean; permissions: Permission[] }>`
    select role, is_everywhere,
      array(select permission from role_permissions p where p.role = roles.role order by permission) as permissions
    from roles order by role`.execute(db)
  return rows
}
