import type { OrdersService } from '#modules/orders/service.ts'
import { isProviderRefused } from '#modules/payments/errors.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Log } from '#platform/log.ts'
import { findRefundedTickets } from './cancel.statement.ts'

type Deps = { db: Db; log: Log; orders: OrdersService; payments: PaymentsService; tickets: TicketsService }

/** Gives money back at the provider, once: the refund's id is the idempotency key, so a job may run again after any crash. */
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

  return async ({ refund_id }: { refund_id: number }): Promise<void> => {
    const refund = await payments.findRefundForProvider(db, refund_id)
    if (!refund || refund.status === 'success') return
    if (!refund.provider_reference) throw new Error(`Refund ${refund_id} belongs to a payment that its provider never saw.`)
    try {
      const { reference } = await payments
        .providerOf(refund)
        .refund({ reference: refund.provider_reference, refund_id, amount_minor: refund.amount_minor })
      await succeed(refund_id, refund.order_id, reference)
    } catch (error) {
      if (!isProviderRefused(error)) throw error
      log.error({ refund_id, code: error.code }, 'the provider refuses a refund')
      await transaction(db, async (tx) => {
        await payments.endRefund(tx, refund_id, { status: 'failed', failure_code: error.code })
        await payments.raiseAlarm(tx, refund.payment_id, 'refund_refused', { refund_id, code: error.code })
      })
    }
  }
}
export type Refund = ReturnType<typeof createRefund>
