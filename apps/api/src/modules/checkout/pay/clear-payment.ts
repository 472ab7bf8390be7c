import type { OrderView } from '#modules/checkout/order-view.ts'
import { paymentInProgress } from '#modules/orders/errors.ts'
import { isProviderRefused, isProviderUnavailable } from '#modules/payments/errors.ts'
import type { ProviderPayment } from '#modules/payments/service.ts'
import type { PaymentRow, PaymentsService } from '#modules/payments/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Buyer } from '#platform/http/access.ts'
import type { Drive } from './drive.ts'

type Deps = { db: Db; payments: PaymentsService; drive: Drive; view: Pick<OrderView, 'readFor'> }

/** Takes payments back at the provider before their orders change. What has succeeded meanwhile is settled. */
export const createClearPayment = ({ db, payments, drive, view }: Deps) => {
  const orInProgress = async (look: () => Promise<ProviderPayment | null>): Promise<ProviderPayment | null> => {
    try {
      return await look()
    } catch (error) {
      if (isProviderUnavailable(error) || isProviderRefused(error)) throw paymentInProgress()
      throw error
    }
  }
  const seek = (payment: PaymentRow) => orInProgress(() => payments.seek(payment))
  const cancel = (payment: PaymentRow, { reference }: ProviderPayment) =>
    orInProgress(() => payments.providerOf(payment).cancel(reference))

  return {
    /** Of an order that is given up. What cannot be taken back stays, and refuses that. */
    clear: async (orderId: number): Promise<void> => {
      const payment = await payments.findInFlight(db, orderId)
      if (!payment) return
      const seen = await seek(payment)
      const after = seen && (await cancel(payment, seen))
      if (!after) throw paymentInProgress()
      await drive.apply(payment, after)
    },

    /**
     * Of an order that its buyer wants to change: only a payment whose card was declined and that nobody is at. Any other is
     * left to whoever is paying, and the change is refused under the order's lock.
     */
    release: async (actor: Buyer, orderId: number): Promise<void> => {
      const payment = await payments.findInFlight(db, orderId)
      if (!payment) return
      // Nobody ends what somebody else is paying.
      await view.readFor(actor, orderId)
      const seen = await seek(payment)
      const after = seen?.is_declined && (await cancel(payment, seen))
      if (after) await drive.apply(payment, after)
    },
  }
}
export type ClearPayment = ReturnType<typeof createClearPayment>
