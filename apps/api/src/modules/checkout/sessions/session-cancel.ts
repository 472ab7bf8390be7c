import { hasSoldTickets, notCancelled, sessionFinished, soldAndOver, stillReturning } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { type Db, savepoint, type Tx, violated } from '#platform/db/kysely.ts'
import { actorKey, type Buyer } from '#platform/http/access.ts'
import { type Attempt, findOutcome, once, type Outcome } from '#platform/idempotency.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { DropHolds } from './drop-holds.ts'
import type { SessionCancel, SessionCancellation } from './session-cancel.schemas.ts'
import { countRefunds, countTickets, findReserved, lockHoldingOrders } from './session-cancel.statement.ts'

type Why = Omit<Parameters<SessionsService['markCancelled']>[2], 'tickets_total'>
type Deps = { db: Db; jobs: Jobs; sessions: SessionsService; dropHolds: DropHolds }

/** Cancels a session at once and leaves the money to a job; deletes one that nobody has booked. */
export const createSessionCancel = ({ db, jobs, sessions, dropHolds }: Deps) => {
  /** On a locked session that takes place: its status, its holds and the job that gives the money back. */
  const cancelLocked = async (tx: Tx, sessionId: number, { notice, ...why }: Why) => {
    const { paid } = await countTickets(tx, sessionId)
    const orderIds = await lockHoldingOrders(tx, sessionId)
    await sessions.markCancelled(tx, sessionId, { ...why, notice, tickets_total: paid })
    const ticketIds = orderIds.length > 0 ? await findReserved(tx, sessionId, orderIds) : []
    await dropHolds(tx, { order_ids: orderIds, ticket_ids: ticketIds }, { ...why, refund_reason: 'session_cancelled' })
    await jobs.send(tx, 'sessions.cancel', { session_id: sessionId })
  }

  /** How far the job has come. Tickets that were used to walk in are not given back by it. */
  const progress = async (actor: Buyer, sessionId: number): Promise<SessionCancellation> => {
    await sessions.requireOwn(actor, sessionId)
    await sessions.get(sessionId)
    const cancellation = await sessions.findCancellation(db, sessionId)
    if (!cancellation) throw notCancelled()
    const [{ paid: left }, refunds] = await Promise.all([
      countTickets(db, sessionId),
      countRefunds(db, sessionId, cancellation.created_at),
    ])
    const { tickets_total } = cancellation
    const total = Math.max(tickets_total, left)
    return {
      session_id: sessionId,
      status: 'cancelled',
      tickets: { total, done: total - left, left },
      refunds,
      finished: left === 0 && refunds.pending === 0,
    }
  }

  const cancel = async (
    actor: Buyer,
    sessionId: number,
    { reason, notice }: SessionCancel,
    attempt: Attempt | undefined,
  ): Promise<SessionCancellation> => {
    await sessions.requireOwn(actor, sessionId)
    await once(db, attempt, async (tx) => {
      const locked = await sessions.lockForCancel(tx, sessionId)
      if (!locked.is_cancelled && locked.has_ended) throw sessionFinished()
      if (!locked.is_cancelled || !(await sessions.findCancellation(tx, sessionId))) {
        await cancelLocked(tx, sessionId, { actor: actorKey(actor), reason: reason ?? null, notice: notice?.trim() ?? null })
      }
      return { status: 200, kind: 'session', id: sessionId }
    })
    return progress(actor, sessionId)
  }

  /** False when something else still speaks of the session. */
  const forget = async (tx: Tx, sessionId: number): Promise<boolean> => {
    const tried = await savepoint(tx, () => sessions.deleteSession(tx, sessionId))
    if ('failed' in tried && violated(tried.failed) === undefined) throw tried.failed
    return 'done' in tried
  }

  /** Deletes what nobody ever booked, hides what has a history, and cancels what has been sold when it may. */
  const removeLocked = async (tx: Tx, actor: Buyer, sessionId: number, mayCancel: boolean): Promise<Outcome> => {
    const why = { actor: actorKey(actor), reason: null, notice: null }
    const done = (status: number): Outcome => ({ status, kind: 'session', id: sessionId })
    const { is_cancelled, has_ended } = await sessions.lockForCancel(tx, sessionId)
    const { ever, sold, paid } = await countTickets(tx, sessionId)
    const isReturning = is_cancelled && (await sessions.findCancellation(tx, sessionId)) !== undefined
    if (is_cancelled ? paid > 0 : sold > 0) {
      if (!is_cancelled && has_ended) throw soldAndOver(sold)
      if (!mayCancel) throw isReturning ? stillReturning(paid) : hasSoldTickets(sold)
      if (!isReturning) await cancelLocked(tx, sessionId, why)
      return done(200)
    }
    if (ever === 0 && !is_cancelled && (await forget(tx, sessionId))) return done(204)
    if (!is_cancelled && !has_ended) await cancelLocked(tx, sessionId, why)
    await sessions.retire(tx, sessionId)
    return done(204)
  }

  return {
    cancel,
    progress,
    /** What was cancelled, when that was asked for and tickets had been sold; otherwise nothing is left to say. */
    delete: async (actor: Buyer, sessionId: number, { cancel: mayCancel }: { cancel: boolean }, attempt: Attempt | undefined) => {
      // A repeat is answered as before, wherever its session may be by now.
      const earlier = attempt && (await findOutcome(db, attempt))
      if (!earlier) await sessions.requireOwn(actor, sessionId)
      const { status } = earlier ?? (await once(db, attempt, (tx) => removeLocked(tx, actor, sessionId, mayCancel)))
      return status === 200 ? progress(actor, sessionId) : undefined
    },
  }
}
