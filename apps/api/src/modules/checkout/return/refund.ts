import type { OrdersService } from '#modules/orders/service.ts'
import { isProviderRefused, isProviderUnavailable } from '#modules/payments/errors.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Log } from '#platform/log.ts'
import { findRefundedTickets } from './cancel.statement.ts'

type Deps = { db: Db; log: Log; orders: OrdersService; payments: PaymentsService; tickets: TicketsService }

/**
 * Gives money back at the provider, once: the refund's id is the idempotency key, so a job may run again after any crash.
 * A provider that does not answer leaves it pending, and the queue tries again, later each time; one that refuses ends it
 * as failed, and a person is called.
 */
export const createRefund = ({ db, log, orders, payments, tickets }: Deps) => {
  const succeed = (refundId: number, orderId: number, provider_reference: string) =>
    transaction(db, async (tx) => {
      await orders.lock(tx, orderId)
      const refund = await payments.lockRefund(tx, refundId)
      if (!refund || refund.status === 'success') return
      await payments.endRefund(tx, refundId, { status: 'success', provider_reference })
      await payments.noteReturned(tx, refund.payment_id)
      const ids = await findRefundedTickets(tx, refundId)
      if (ids.length > 0) await tickets.mark(tx, ids, 'refunded', 'system')
    })

  const fail = (refund_id: number, payment_id: number, code: string) => {
    log.error({ refund_id, code }, 'the provider refuses a refund')
    return transaction(db, async (tx) => {
      await payments.lock(tx, payment_id)
      if (!(await payments.endRefund(tx, refund_id, { status: 'failed', failure_code: code, provider_reference: null }))) return
      await payments.raiseAlarm(tx, payment_id, 'refund_refused', { refund_id, code })
    })
  }

  return async ({ refund_id }: { refund_id: number }): Promise<void> => {
    const refund = await payments.findRefundForProvider(db, refund_id)
    if (!refund || refund.status !== 'pending') return
    const { provider_reference, order_id, payment_id, amount_minor, refund_reference } = refund
    if (!provider_reference) throw new Error(`Refund ${refund_id} belongs to a payment that its provider never saw.`)
    try {
      const given = await payments
        .providerOf(refund)
        .refund({ reference: provider_reference, refund_id, amount_minor, refund_reference })
      if (given.status === 'succeeded') await succeed(refund_id, order_id, given.reference)
      else if (given.status === 'pending') await payments.noteRefundUnderWay(db, refund_id, given.reference)
      else await fail(refund_id, payment_id, given.failure_code ?? 'failed')
    } catch (error) {
      if (isProviderUnavailable(error)) await payments.noteRefundTried(db, refund_id, 'unavailable')
      if (!isProviderRefused(error)) throw error
      await fail(refund_id, payment_id, error.code)
    }
  }
}
export type Refund = ReturnType<typeof createRefund>
