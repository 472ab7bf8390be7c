import { createRetryRefund, type Refused } from '#modules/checkout/return/retry-refund.ts'
import type { SessionCancellation } from '#modules/checkout/sessions/session-cancel.schemas.ts'
import { isRefundRoomTaken } from '#modules/payments/errors.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import { notCancelled } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { CancelledOrder, CancelledOrderQuery } from './session-preview.schemas.ts'
import { byOrder, findFailedRefunds, findResults } from './session-results.statement.ts'

type Deps = {
  db: Db
  jobs: Jobs
  sessions: SessionsService
  payments: PaymentsService
  progress: (actor: SignedIn, sessionId: number) => Promise<SessionCancellation>
}

const BATCH = 50

/** What came of the money of each order when a session was cancelled, and another try for what was refused. */
export const createSessionResults = ({ db, jobs, sessions, payments, progress }: Deps) => {
  const retryRefund = createRetryRefund({ jobs, payments })

  /** One that has no room any more stays refused, with its alarm, and keeps no other waiting. */
  const tryAgain = (refused: Refused) =>
    transaction(db, (tx) => retryRefund(tx, refused)).catch((error: unknown) => {
      if (!isRefundRoomTaken(error)) throw error
    })

  const requireCancelled = async (actor: SignedIn, id: number) => {
    await sessions.requireOwn(actor, id)
    await sessions.get(id)
    if (!(await sessions.findCancellation(db, id))) throw notCancelled()
  }

  return {
    list: async (actor: SignedIn, session_id: number, { refund_status, ...query }: CancelledOrderQuery) => {
      await requireCancelled(actor, session_id)
      const page = readCursorPage({ list: 'cancelled-orders', of: { session_id, refund_status }, order: byOrder }, query)
      const [rows, total] = await findResults(db, session_id, refund_status, page)
      return toCursorList<CancelledOrder>(rows, total, page)
    },

    /** Tries every refused refund again that can be, and lets the job look for tickets that it could not give back. */
    retry: async (actor: SignedIn, id: number): Promise<SessionCancellation> => {
      await requireCancelled(actor, id)
      for (let after = 0; ;) {
        const refused = await findFailedRefunds(db, id, after, BATCH)
        for (const refund of refused) await tryAgain(refund)
        after = refused.at(-1)?.id ?? 0
        if (refused.length < BATCH) break
      }
      await transaction(db, (tx) => jobs.send(tx, 'sessions.cancel', { session_id: id }))
      return progress(actor, id)
    },
  }
}
