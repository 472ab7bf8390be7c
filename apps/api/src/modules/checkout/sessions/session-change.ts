import { doorWindow } from '#modules/checkout/pay/door-window.ts'
import type { DoorRules } from '#modules/checkout/pay/settle.ts'
import { sessionChanged } from '#modules/sessions/errors.ts'
import type { Session, SessionUpdate } from '#modules/sessions/schemas.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { SignTicket, TicketsService } from '#modules/tickets/service.ts'
import { type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import { lockIssued } from './session-cancel.statement.ts'

type Deps = { db: Db; jobs: Jobs; sessions: SessionsService; tickets: TicketsService; signTicket: SignTicket; rules: DoorRules }
type Draft = Awaited<ReturnType<SessionsService['draftChange']>>

/** Another movie for the session: how long it is, and its id once the transaction is open. */
export type OtherMovie = { duration_minutes: number; resolve: (tx: Tx) => Promise<number> }

const ATTEMPTS = 5

/** Changes a session; when it moves, its holders get new codes and are told, in the same transaction. */
export const createSessionChange = ({ db, jobs, sessions, tickets, signTicket, rules }: Deps) => {
  const tellHolders = async (tx: Tx, { id, span }: Draft, move_id: number | undefined) => {
    const issued = await lockIssued(tx, id)
    if (issued.length === 0) return
    const window = doorWindow({ start_time: span.start, end_time: span.end }, rules.DOORS_OPEN_MINUTES)
    await tickets.reissue(
      tx,
      issued.map((ticket) => ({
        id: ticket.id,
        qr_code: signTicket({ ticket_id: ticket.id, session_id: id, seat_id: ticket.seat_id, ...window }),
      })),
    )
    if (move_id === undefined) return
    const told = new Set(issued.filter(({ status }) => status === 'paid').map(({ order_id }) => order_id))
    await jobs.sendMany(
      tx,
      'mail.order',
      [...told].map((order_id) => ({ order_id, kind: 'session_moved', move_id })),
    )
  }

  /** False when the session was changed between the look and the lock. */
  const attempt = async (drawn: Draft, movie: OtherMovie | undefined, also: (tx: Tx) => Promise<unknown>): Promise<boolean> => {
    try {
      return await transaction(db, async (tx) => {
        if (!(await sessions.lockForChange(tx, drawn))) return false
        const { move_id } = await sessions.writeChange(tx, drawn, { movie_id: await movie?.resolve(tx) })
        if (drawn.starts || drawn.ends) await tellHolders(tx, drawn, move_id)
        await also(tx)
        return true
      })
    } catch (error) {
      throw await sessions.explainChange(drawn, error)
    }
  }

  /** `also` is written in the same transaction. */
  return async (
    actor: SignedIn,
    id: number,
    patch: SessionUpdate,
    { movie, also = async () => undefined }: { movie?: OtherMovie; also?: (tx: Tx) => Promise<unknown> } = {},
  ): Promise<Session> => {
    await sessions.requireOwn(actor, id)
    for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
      const drawn = await sessions.draftChange(id, patch, movie?.duration_minutes)
      if (await attempt(drawn, movie, also)) return sessions.get(id)
    }
    throw sessionChanged()
  }
}
