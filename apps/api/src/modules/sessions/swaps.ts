import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'

type NewSwap = { session_id: number; old_hall_id: number; new_hall_id: number; actor: string; notice: string | null }
export type SwapSeat = {
  ticket_id: number
  old_seat_id: number
  new_seat_id: number | null
  fit: 'same' | 'better' | 'lesser' | null
  refund_minor: number
}

/** What is kept of sessions that were given another hall. */
export const createSwaps = () => ({
  /** Returns the id by which holders are told. */
  insertSwap: async (tx: Tx, swap: NewSwap, seats: SwapSeat[]): Promise<number> => {
    const { id } = await tx.insertInto('session_swaps').values(swap).returning('id').executeTakeFirstOrThrow()
    if (seats.length > 0)
      await tx
        .insertInto('session_swap_seats')
        .values(seats.map((seat) => ({ ...seat, swap_id: id })))
        .execute()
    return id
  },

  findSwap: (db: Db, id: number) =>
    db
      .selectFrom('session_swaps as w')
      .innerJoin('halls as old', 'old.id', 'w.old_hall_id')
      .innerJoin('halls as new', 'new.id', 'w.new_hall_id')
      .select(['w.id', 'w.session_id', 'w.actor', 'w.notice', 'w.created_at', 'w.old_hall_id', 'w.new_hall_id'])
      .select(['old.name as old_hall', 'new.name as new_hall'])
      .where('w.id', '=', id)
      .executeTakeFirst(),

  /** What became of the seats of a swap, of one order or of all; a null is a seat for which there was none. */
  listSwapSeats: (db: Db, swapId: number, orderId?: number) => {
    const query = db
      .selectFrom('session_swap_seats as x')
      .innerJoin('tickets as t', 't.id', 'x.ticket_id')
      .innerJoin('seats as old', 'old.id', 'x.old_seat_id')
      .leftJoin('seats as new', 'new.id', 'x.new_seat_id')
      .select(['x.ticket_id', 't.order_id', 'x.fit', 'x.refund_minor', 'x.old_seat_id', 'x.new_seat_id'])
      .select(['old.seat_row as old_row', 'old.seat_number as old_number', 'old.seat_type as old_type'])
      .select(['new.seat_row as new_row', 'new.seat_number as new_number', 'new.seat_type as new_type'])
      .where('x.swap_id', '=', swapId)
      .orderBy('x.ticket_id')
    return (orderId === undefined ? query : query.where('t.order_id', '=', orderId)).execute()
  },

  /** Where a session was to take place before, newest first. */
  listChanges: async (db: Db, sessionId: number): Promise<SessionChangeRow[]> => {
    const { rows } = await sql<SessionChangeRow>`
      select 'moved' as kind, m.id, m.actor, m.created_at, m.old_start_time, m.new_start_time,
        null::text as old_hall, null::text as new_hall, null::int as tickets, null::int as unplaced, m.notice
      from session_moves m where m.session_id = ${sessionId}
      union all
      select 'hall_swapped', w.id, w.actor, w.created_at, null, null, old.name, new.name,
        (select count(*) from session_swap_seats x where x.swap_id = w.id),
        (select count(*) from session_swap_seats x where x.swap_id = w.id and x.new_seat_id is null), w.notice
      from session_swaps w join halls old on old.id = w.old_hall_id join halls new on new.id = w.new_hall_id
      where w.session_id = ${sessionId}
      union all
      select 'cancelled', c.session_id, c.actor, c.created_at, null, null, null, null, c.tickets_total, null, c.notice
      from session_cancellations c where c.session_id = ${sessionId}
      order by created_at desc, kind, id desc`.execute(db)
    return rows
  },
})

export type SessionChangeRow = {
  kind: 'moved' | 'hall_swapped' | 'cancelled'
  id: number
  actor: string
  created_at: Date
  old_start_time: Date | null
  new_start_time: Date | null
  old_hall: string | null
  new_hall: string | null
  tickets: number | null
  unplaced: number | null
  notice: string | null
}
