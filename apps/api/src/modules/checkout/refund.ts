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
      const refunded = await payments.sumRefunded(tx, refund.payment_id)
      await payments.mark(tx, refund.payment_id, refunded >= refund.captured_minor ? 'refunded' : 'partially_refunded', {
        reference: null,
      })
      const ids = await findRefundedTickets(tx, refundId)
      if (ids.length > 0) await tickets.mark(tx, ids, 'refunded', 'system')
    })

  const fail = (refundId: number, payment_id: number, failure_code: string) =>
    transaction(db, async (tx) => {
      await payments.lock(tx, payment_id)
      if (!(await payments.endRefund(tx, refundId, { status: 'failed', failure_code }))) return
      await payments.raiseAlarm(tx, payment_id, 'refund_refused', { refund_id: refundId, code: failure_code })
    })

  return async ({ refund_id }: { refund_id: number }): Promise<void> => {
    const refund = await payments.findRefundForProvider(db, refund_id)
    if (!refund || refund.status !== 'pending') return
    const { provider_reference, order_id, payment_id, amount_minor, retries: retry } = refund
    if (!provider_reference) throw new Error(`Refund ${refund_id} belongs to a payment that its provider never saw.`)
    try {
      const provider = payments.providerOf(refund)
      const { reference } = await provider.refund({ reference: provider_reference, refund_id, amount_minor, retry })
      await succeed(refund_id, order_id, reference)
    } catch (error) {
      if (isProviderUnavailable(error)) await payments.noteRefundTried(db, refund_id, 'unavailable')
      if (!isProviderRefused(error)) throw error
      log.error({ refund_id, code: error.code }, 'the provider refuses a refund')
      await fail(refund_id, payment_id, error.code)
    }
  }
}
export type Refund = ReturnType<typeof createRefund>
