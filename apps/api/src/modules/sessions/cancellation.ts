import { sql } from 'kysely'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { Touch } from '#platform/realtime.ts'
import * as changes from './change.repository.ts'
import { sessionNotFound } from './errors.ts'

export type Cancellation = {
  session_id: number
  tickets_total: number
  emptied_at: Date | null
  created_at: Date
  notice: string | null
}
/** `reason` is for the records, `notice` for the holders. */
type WhyCancelled = { actor: string; reason: string | null; notice: string | null }

/** Takes sessions out of the programme. Whose tickets that ends is the business of the checkout, on the same transaction. */
export const createCancellation = ({ db, touch }: { db: Db; touch: Touch }) => ({
  /** Waits for the bookings under way and keeps new ones out; tells whether the session has been cancelled before. */
  lockForCancel: async (tx: Tx, id: number): Promise<{ is_cancelled: boolean; has_ended: boolean }> => {
    const session = await changes.lockForChange(tx, id)
    if (!session) throw sessionNotFound()
    return { is_cancelled: session.status === 'cancelled', has_ended: session.has_ended }
  },

  /** Under the lock of the session: nothing can be booked, and no payment settled, from here on. */
  markCancelled: async (tx: Tx, session_id: number, by: WhyCancelled & { tickets_total: number }) => {
    await changes.updateSession(tx, session_id, { status: 'cancelled' })
    await changes.deleteHeldClaims(tx, session_id)
    touch(tx, [session_id])
    await tx
      .insertInto('session_cancellations')
      .values({ session_id, ...by })
      .execute()
  },

  /** Hides a session whose history must stay. */
  retire: (tx: Tx, id: number) => changes.updateSession(tx, id, { is_active: false }),
  deleteSession: async (tx: Tx, id: number): Promise<void> => {
    await changes.deleteSession(tx, id)
    touch(tx, [id])
  },

  findCancellation: (on: Db, session_id: number): Promise<Cancellation | undefined> =>
    on
      .selectFrom('session_cancellations')
      .select(['session_id', 'tickets_total', 'emptied_at', 'created_at', 'notice'])
      .where('session_id', '=', session_id)
      .executeTakeFirst(),

  findOpenCancellations: async (limit: number): Promise<number[]> => {
    const rows = await db
      .selectFrom('session_cancellations')
      .select('session_id')
      .where('emptied_at', 'is', null)
      .orderBy('session_id')
      .limit(limit)
      .execute()
    return rows.map(({ session_id }) => session_id)
  },

  /** Held until the transaction ends: whoever has one more ticket to be given back waits here. */
  lockCancellation: async (tx: Tx, session_id: number): Promise<void> => {
    await sql`select from session_cancellations where session_id = ${session_id} for update`.execute(tx)
  },

  markEmptied: (tx: Tx, session_id: number) =>
    tx
      .updateTable('session_cancellations')
      .set({ emptied_at: sql<Date>`app.now()` })
      .where('session_id', '=', session_id)
      .where('emptied_at', 'is', null)
      .execute(),

  /** One more ticket of a session that was cancelled, and perhaps emptied, is to be given back. Of any other session nothing. */
  reopenCancellation: (tx: Tx, session_id: number) =>
    tx
      .updateTable('session_cancellations')
      .set({ emptied_at: null, tickets_total: sql<number>`tickets_total + 1` })
      .where('session_id', '=', session_id)
      .execute(),

  /** What a holder is told of a move: when the session was to start, and what its staff say. */
  findMove: (on: Db, id: number) =>
    on.selectFrom('session_moves').select(['session_id', 'old_start_time', 'notice']).where('id', '=', id).executeTakeFirst(),
})
