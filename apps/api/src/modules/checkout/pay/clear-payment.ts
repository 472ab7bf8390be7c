import { paymentInProgress } from '#modules/orders/errors.ts'
import { isProviderRefused, isProviderUnavailable } from '#modules/payments/errors.ts'
import type { ProviderPayment } from '#modules/payments/service.ts'
import type { PaymentRow, PaymentsService } from '#modules/payments/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Drive } from './drive.ts'

type Deps = { db: Db; payments: PaymentsService; drive: Drive }

/**
 * Takes a payment back at the provider before its order changes. What cannot be taken back stays: a success is
 * settled, an open one refuses the change.
 */
export const createClearPayment = ({ db, payments, drive }: Deps) => {
  const cancelAtProvider = async (payment: PaymentRow): Promise<ProviderPayment | null> => {
    try {
      const seen = await payments.seek(payment)
      return seen && (await payments.providerOf(payment).cancel(seen.reference))
    } catch (error) {
      if (isProviderUnavailable(error) || isProviderRefused(error)) throw paymentInProgress()
      throw error
    }
  }

  return async (orderId: number): Promise<void> => {
    const payment = await payments.findInFlight(db, orderId)
    if (!payment) return
    const seen = await cancelAtProvider(payment)
    if (!seen) throw paymentInProgress()
    await drive.apply(payment, seen)
  }
}
export type ClearPayment = ReturnType<typeof createClearPayment>
