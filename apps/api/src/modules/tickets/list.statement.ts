import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { TicketStatus } from '#platform/db/types.gen.ts'
import type { Buyer } from '#platform/http/access.ts'
import { countFor, cursorKey, type CursorPage, cut, type Order } from '#platform/http/cursor.ts'
import { money } from '#platform/money.ts'

/** A reserved ticket lives as long as its order: past that deadline it reads as expired, swept or not. */
export const readStatus = sql<TicketStatus>`case when t.status = 'reserved' and o.expires_at <= app.now() then 'expired' else t.status end`

/** A cancelled session gives everything back by itself. */
const returnableUntil = (cutoffMinutes: number) => sql<Date | null>`case when ${readStatus} in ('reserved', 'paid') then (
  select s.start_time - make_interval(mins => case s.status when 'rescheduled' then 0
    else coalesce((o.rules -> 'cancellation' -> t.session_id::text ->> 'cutoff_minutes')::int, ${cutoffMinutes}::int) end)
  from sessions s where s.id = t.session_id and s.status <> 'cancelled') end`

export const viewOf = (db: Db, cutoffMinutes: number) =>
  db
    .selectFrom('tickets as t')
    .innerJoin('orders as o', 'o.id', 't.order_id')
    .select([
      't.id',
      't.session_id',
      't.user_id',
      't.order_id',
      't.seat_id',
      't.seat_row',
      't.seat_number',
      't.seat_type',
      't.ticket_type',
      't.booking_reference',
      't.payment_method',
      't.qr_code',
      't.booking_time',
      't.created_at',
    ])
    .select([
      money('t.price_minor').as('price'),
      money('t.discount_minor').as('discount_applied'),
      money('t.final_price_minor').as('final_price'),
      readStatus.as('status'),
      sql<boolean>`t.status in ('paid', 'used')`.as('is_paid'),
      sql<Date | null>`case when t.status = 'reserved' then o.expires_at end`.as('expires_at'),
      returnableUntil(cutoffMinutes).as('returnable_until'),
    ])

/** What a ticket reads as, said of the column itself, so that its index can answer. */
const isNow = (status: TicketStatus): RawBuilder<boolean> => {
  if (status === 'reserved') return sql`(t.status = 'reserved' and o.expires_at > app.now())`
  if (status === 'expired') return sql`(t.status = 'expired' or (t.status = 'reserved' and o.expires_at <= app.now()))`
  return sql`t.status = ${status}::ticket_status`
}

const inCinemas = (ids: readonly number[]) =>
  sql<boolean>`t.session_id in (select s.id from sessions s join halls h on h.id = s.hall_id where h.cinema_id = any(${ids}::bigint[]))`

export type TicketFilter = {
  owner?: Buyer
  /** Of staff who do not work everywhere: those at their cinemas, and their own. */
  among?: { cinema_ids: readonly number[]; user_id: number }
  session_id?: number
  status?: TicketStatus
  user_id?: number
  cinema_id?: number
  booking_reference?: string
}

const matching = (
  db: Db,
  cutoffMinutes: number,
  { owner, among, session_id, status, user_id, cinema_id, booking_reference }: TicketFilter,
) => {
  const person = owner?.kind === 'user' ? owner.id : user_id
  const found: (RawBuilder<boolean> | false)[] = [
    person !== undefined && sql<boolean>`t.user_id = ${person}`,
    owner?.kind === 'guest' && sql<boolean>`o.guest_id = ${owner.id}`,
    owner !== undefined && user_id !== undefined && sql<boolean>`t.user_id = ${user_id}`,
    session_id !== undefined && sql<boolean>`t.session_id = ${session_id}`,
    cinema_id !== undefined && inCinemas([cinema_id]),
    among !== undefined && sql<boolean>`(t.user_id = ${among.user_id} or ${inCinemas(among.cinema_ids)})`,
    booking_reference !== undefined && sql<boolean>`t.booking_reference = ${booking_reference.trim().toUpperCase()}`,
    status !== undefined && isNow(status),
  ]
  return viewOf(db, cutoffMinutes).where((eb) => eb.and(found.filter((condition) => condition !== false)))
}

const byId = { by: sql`t.id`, as: 'integer' } as const

/** One person's tickets come from their index by time; everybody's from the key, which rises with the time. */
export const orderOf = ({ owner, user_id }: TicketFilter): Order => {
  const isOnePerson = owner?.kind === 'user' || user_id !== undefined
  return { keys: isOnePerson ? [{ by: sql`t.created_at`, as: 'moment' }, byId] : [byId], falling: true }
}

export const findPage = async (db: Db, cutoffMinutes: number, filter: TicketFilter, page: CursorPage) => {
  const order = orderOf(filter)
  const rows = matching(db, cutoffMinutes, filter)
  return Promise.all([cut(rows.select(cursorKey(order)), order, page).execute(), countFor(db, rows.clearSelect(), page)])
}
