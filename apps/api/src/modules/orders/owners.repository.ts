import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { OrderStatus } from '#platform/db/types.gen.ts'

export type GuestOrder = { id: number; guest_id: string; status: OrderStatus; currency: string; total_minor: number }

/** Guests' orders that somebody has a right to, locked in the order of their ids. */
export const lockOfGuests = (
  db: Db,
  proof: { order_id: number | undefined; guest_id: string | undefined; email: string | undefined },
): Promise<GuestOrder[]> =>
  db
    .selectFrom('orders')
    .select(['id', 'status', 'currency', 'total_minor', sql<string>`guest_id`.as('guest_id')])
    .where('guest_id', 'is not', null)
    .where((eb) =>
      eb.or([
        ...(proof.order_id === undefined ? [] : [eb('id', '=', proof.order_id)]),
        ...(proof.guest_id === undefined ? [] : [eb('guest_id', '=', proof.guest_id)]),
        ...(proof.email === undefined ? [] : [eb('email', '=', proof.email)]),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .execute()

/** From now on these are an account's; mails go where they went before. */
export const giveTo = (db: Db, ids: number[], user: { id: number; email: string }) =>
  db
    .updateTable('orders')
    .set({ user_id: user.id, guest_id: null, email: sql<string>`coalesce(email, ${user.email})` })
    .where('id', 'in', ids)
    .execute()

export const setEmail = (db: Db, id: number, email: string) =>
  db.updateTable('orders').set({ email }).where('id', '=', id).execute()
