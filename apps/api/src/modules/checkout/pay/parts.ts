import { partlyPaid } from '#modules/orders/errors.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { Tx } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'

type Deps = { jobs: Jobs; orders: Pick<OrdersService, 'countLiveItems'>; payments: PaymentsService }

/** What has been paid of orders that are not paid in full. */
export const createParts = ({ jobs, orders, payments }: Deps) => {
  /** Gives everything back that locked orders have kept so far, and tells their buyers. */
  const returnAll = async (tx: Tx, orderIds: number[], reason: string): Promise<void> => {
    for (const { id, order_id, amount_minor } of await payments.findKept(tx, orderIds)) {
      if (amount_minor === 0) continue
      await payments.refund(tx, id, amount_minor, reason)
      await jobs.send(tx, 'mail.order', { order_id, kind: 'money_returned', payment_id: id })
    }
  }

  return {
    returnAll,
    /** After tickets were taken out of a locked pending order: all of them give the money back, some of them may not go. */
    leave: async (tx: Tx, orderId: number): Promise<void> => {
      if ((await payments.sumKept(tx, orderId)) === 0) return
      if ((await orders.countLiveItems(tx, orderId)) > 0) throw partlyPaid()
      await returnAll(tx, [orderId], 'order_canceled')
    },
  }
}
export type Parts = ReturnType<typeof createParts>
