import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import { readStatus } from './list.statement.ts'

/** The ticket of a code or a reference, and its session, which is locked before it. */
export const findForDoor = (db: Db, by: { id: number } | { reference: string }) =>
  db
    .selectFrom('tickets')
    .select(['id', 'session_id'])
    .$if('id' in by, (query) => query.where('id', '=', (by as { id: number }).id))
    .$if('reference' in by, (query) => query.where('booking_reference', '=', (by as { reference: string }).reference))
    .executeTakeFirst()

/** Two doors, or a door and a cancellation, wait here for each other. */
export const lockForDoor = (tx: Tx, id: number) =>
  tx
    .selectFrom('tickets as t')
    .innerJoin('orders as o', 'o.id', 't.order_id')
    .select([
      't.id',
      't.session_id',
      't.seat_id',
      't.seat_row',
      't.seat_number',
      't.seat_type',
      't.ticket_type',
      't.booking_reference',
    ])
    .select([
      readStatus.as('status'),
      // Read here, because a scan is one round trip with its ticket locked.
      sql<boolean>`coalesce((select y.needs_proof from ticket_types y where y.code = t.ticket_type), false)`.as('needs_proof'),
    ])
    .where('t.id', '=', id)
    .forNoKeyUpdate('t')
    .executeTakeFirst()
export type TicketAtDoor = NonNullable<Awaited<ReturnType<typeof lockForDoor>>>

const columns = ['id', 'ticket_id', 'direction', 'device', 'forced', 'scanned_at', 'actor'] as const

export const findByNonce = (tx: Tx, nonce: string) =>
  tx.selectFrom('check_ins').select(columns).where('nonce', '=', nonce).executeTakeFirst()
export type CheckInRow = NonNullable<Awaited<ReturnType<typeof findByNonce>>>

/** The entry that no exit has ended: there is one at most. */
export const findStanding = (tx: Tx, ticketId: number) =>
  tx
    .selectFrom('check_ins')
    .select(columns)
    .where('ticket_id', '=', ticketId)
    .where('direction', '=', 'entry')
    .where('ended_at', 'is', null)
    .executeTakeFirst()

export type NewEntry = {
  ticket_id: number
  device: string
  actor: string
  nonce?: string | undefined
  forced?: boolean
  reason?: string | undefined
}

export const insertEntry = (tx: Tx, entry: NewEntry) =>
  tx
    .insertInto('check_ins')
    .values({ ...entry, direction: 'entry' })
    .returning(columns)
    .executeTakeFirstOrThrow()

export const endEntry = async (tx: Tx, exit: { ticket_id: number; device: string; actor: string; reason: string }) => {
  await tx
    .updateTable('check_ins')
    .set({ ended_at: sql<Date>`app.now()` })
    .where('ticket_id', '=', exit.ticket_id)
    .where('direction', '=', 'entry')
    .where('ended_at', 'is', null)
    .execute()
  await tx
    .insertInto('check_ins')
    .values({ ...exit, direction: 'exit' })
    .execute()
}

/** Names the one step back that staff may take; `mark` would also make a paid ticket of a reserved one. */
export const markUnused = async (tx: Tx, id: number): Promise<boolean> =>
  (await tx
    .updateTable('tickets')
    .set({ status: 'paid' })
    .where('id', '=', id)
    .where('status', '=', 'used')
    .returning('id')
    .executeTakeFirst()) !== undefined

/** Everybody who may come, and everybody who has. */
export const countEntries = async (db: Db, sessionId: number) =>
  db
    .selectFrom('tickets')
    .select([sql<number>`count(*)`.as('expected'), sql<number>`count(*) filter (where status = 'used')`.as('entered')])
    .where('session_id', '=', sessionId)
    .where('status', 'in', ['paid', 'used'])
    .executeTakeFirstOrThrow()
