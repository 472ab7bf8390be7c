import { refundNotFailed, refundNotFound } from '#modules/payments/errors.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import { cinemasOf, requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { Jobs } from '#platform/jobs.ts'
import { findRefundPage, findRefundView, newestFirst } from './refund-desk.statement.ts'
import type { Refund, RefundQuery } from './refund.schemas.ts'
import { createRetryRefund } from './retry-refund.ts'

type Deps = { db: Db; jobs: Jobs; payments: PaymentsService; tickets: TicketsService }

/** Refunds as staff see them, and what they do about those that the provider refused. */
export const createRefundDesk = ({ db, jobs, payments, tickets }: Deps) => {
  const retryRefund = createRetryRefund({ jobs, payments })
  const requireOwn = async (actor: SignedIn, id: number): Promise<Refund> => {
    const refund = await findRefundView(db, id)
    if (!refund || !(await tickets.actsForCinema(db, actor, { order_id: refund.order_id }, 'refunds.manage')))
      throw refundNotFound()
    return refund
  }

  return {
    list: async (actor: SignedIn, { page, size, skip, limit, cursor, ...filter }: RefundQuery) => {
      if (filter.cinema_id !== undefined) requireWorkAt(actor, filter.cinema_id)
      const wanted = { ...filter, within: cinemasOf(actor) }
      const question = { list: 'refunds', of: wanted, order: newestFirst }
      const window = readCursorPage(question, { page, size, skip, limit, cursor })
      const [rows, total] = await findRefundPage(db, wanted, window)
      return toCursorList<Refund>(rows, total, window)
    },

    /** Tries again what the provider had refused. A refund that is under way is tried by itself. */
    retry: async (actor: SignedIn, id: number): Promise<Refund> => {
      const { payment_id, failure_code } = await requireOwn(actor, id)
      await transaction(db, async (tx) => {
        if (!(await retryRefund(tx, { id, payment_id, failure_code }))) throw refundNotFailed()
      })
      return requireOwn(actor, id)
    },
  }
}
