import { paymentNotFound, unknownPayment } from '#modules/payments/errors.ts'
import { isProviderUnavailable } from '#modules/payments/errors.ts'
import type { PaymentProvider, ProviderPayment } from '#modules/payments/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Drive } from './drive.ts'

type Deps = { db: Db; payments: PaymentsService; drive: Drive }
type Headers = Record<string, string | string[] | undefined>

/**
 * A webhook is a hint: the payment is read again at the provider, and the event's id is stored with its effect.
 * What cannot be looked at now is answered with 503 and nothing is stored, so that the provider sends it again.
 */
export const createWebhook = ({ db, payments, drive }: Deps) => {
  const lookAgain = async (provider: PaymentProvider, payment_id: number): Promise<ProviderPayment> => {
    try {
      const seen = await provider.find(payment_id)
      if (!seen) throw unknownPayment()
      return seen
    } catch (error) {
      throw isProviderUnavailable(error) ? unknownPayment() : error
    }
  }

  return async (raw: Buffer, headers: Headers): Promise<{ received: boolean }> => {
    const provider = payments.provider()
    const { id: event_id, type, payment_id } = provider.readWebhook(raw, headers)
    const payment = await payments.find(db, payment_id)
    if (!payment) throw unknownPayment()
    if (payment.provider !== provider.name) throw paymentNotFound()
    if (await payments.hasEvent(db, provider.name, event_id)) return { received: true }
    await drive.apply(payment, await lookAgain(provider, payment_id), { provider: provider.name, event_id, type })
    return { received: true }
  }
}
