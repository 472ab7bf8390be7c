import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { PaymentMethod, SeatType, TicketStatus } from '#platform/db/types.gen.ts'
import { sourcesOf } from '#platform/transitions.ts'
import { viewOf } from './list.statement.ts'
import { transitions } from './rules.ts'
import type { Ticket } from './schemas.ts'

export const findView = (db: Db, cutoffMinutes: number, id: number) =>
  viewOf(db, cutoffMinutes)
    .select(['o.user_id as owner_user_id', 'o.guest_id as owner_guest_id'])
    .where('t.id', '=', id)
    .executeTakeFirst()

export const findByOrders = (db: Db, cutoffMinutes: number, orderIds: number[]): Promise<Ticket[]> =>
  viewOf(db, cutoffMinutes).where('t.order_id', 'in', orderIds).orderBy('t.id').execute()

type NewTicket = {
  session_id: number
  seat_id: number
  user_id: number | null
  order_id: number
  seat_row: string
  seat_number: number
  seat_type: SeatType
  ticket_type: string
  price_minor: number
  discount_minor?: number
  final_price_minor: number
  booking_reference: string
}

export const insert = (db: Db, tickets: NewTicket[]) =>
  db.insertInto('tickets').values(tickets).returning(['id', 'seat_id']).execute()

/** Another seat or another type of ticket, with its price. */
export const changeReserved = (
  db: Db,
  id: number,
  seat: Pick<
    NewTicket,
    'seat_id' | 'seat_row' | 'seat_number' | 'seat_type' | 'ticket_type' | 'price_minor' | 'discount_minor' | 'final_price_minor'
  >,
) => db.updateTable('tickets').set(seat).where('id', '=', id).where('status', '=', 'reserved').execute()

/** The tickets of an order that are still wanted, locked in id order. */
export const lockLive = (db: Db, orderId: number) =>
  db
    .selectFrom('tickets')
    .select(['id', 'session_id', 'seat_id', 'ticket_type', 'status'])
    .where('order_id', '=', orderId)
    .where('status', 'in', ['reserved', 'expired', 'paid', 'used'])
    .orderBy('id')
    .forUpdate()
    .execute()

/** Takes one step of the state machine for these tickets and writes it down. Returns those it was allowed for. */
export const mark = async (db: Db, ids: number[], status: TicketStatus, actor: string, reason: string | null = null) => {
  const moved = await db
    .updateTable('tickets')
    .set({ status })
    .where('id', 'in', ids)
    .where('status', 'in', sourcesOf(transitions, status))
    .returning('id')
    .execute()
  await noteEvents(
    db,
    moved.map(({ id }) => id),
    status,
    actor,
    reason,
  )
  return moved.map(({ id }) => id)
}

export const noteEvents = async (db: Db, ids: number[], status: TicketStatus, actor: string, reason: string | null) => {
  if (ids.length === 0) return
  await db
    .insertInto('ticket_events')
    .values(ids.map((ticket_id) => ({ ticket_id, status, actor, reason })))
    .execute()
}

type Issued = { id: number; qr_code: string }

/** Makes tickets of holds: paid, with the code that opens the door. */
export const issue = async (db: Db, tickets: Issued[], method: PaymentMethod | null, actor: string): Promise<number> => {
  const { rows } = await sql<{ id: number }>`
    update tickets t set status = 'paid', payment_method = ${method}::payment_method, qr_code = v.qr_code
    from unnest(${tickets.map((ticket) => ticket.id)}::bigint[], ${tickets.map((ticket) => ticket.qr_code)}::text[]) as v(id, qr_code)
    where t.id = v.id and t.status in ('reserved', 'expired')
    returning t.id`.execute(db)
  await noteEvents(
    db,
    rows.map(({ id }) => id),
    'paid',
    actor,
    null,
  )
  return rows.length
}

/** Gives tickets that open a door new codes; whoever has walked in keeps that. */
export const reissue = async (db: Db, tickets: Issued[]): Promise<void> => {
  await sql`
    update tickets t set qr_code = v.qr_code
    from unnest(${tickets.map((ticket) => ticket.id)}::bigint[], ${tickets.map((ticket) => ticket.qr_code)}::text[]) as v(id, qr_code)
    where t.id = v.id and t.status in ('paid', 'used')`.execute(db)
}

/** A ticket belongs to whoever its order belongs to. */
export const giveTo = (db: Db, orderIds: number[], user_id: number) =>
  db.updateTable('tickets').set({ user_id }).where('order_id', 'in', orderIds).execute()

export const markExpiredByOrders = async (db: Db, orderIds: number[], actor: string) => {
  const moved = await db
    .updateTable('tickets')
    .set({ status: 'expired' })
    .where('order_id', 'in', orderIds)
    .where('status', 'in', sourcesOf(transitions, 'expired'))
    .returning('id')
    .execute()
  await noteEvents(
    db,
    moved.map(({ id }) => id),
    'expired',
    actor,
    null,
  )
  return moved.length
}
