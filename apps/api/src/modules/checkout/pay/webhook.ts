import type { Refund } from '#modules/checkout/return/refund.ts'
import { paymentNotFound, unknownPayment } from '#modules/payments/errors.ts'
import { isProviderUnavailable } from '#modules/payments/errors.ts'
import type { PaymentRow, PaymentsService, ProviderEvent, ProviderPayment } from '#modules/payments/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Drive } from './drive.ts'

type Deps = { db: Db; payments: PaymentsService; drive: Drive; refund: Refund }
type RefundRow = NonNullable<Awaited<ReturnType<PaymentsService['findRefundForProvider']>>>
type Headers = Record<string, string | string[] | undefined>

/**
 * A webhook is a hint: the payment is read again at the provider, and the event's id is stored with its effect.
 * What cannot be looked at now is answered with 503 and nothing is stored, so that the provider sends it again.
 */
export const createWebhook = ({ db, payments, drive, refund }: Deps) => {
  const lookAgain = async (payment: PaymentRow): Promise<ProviderPayment> => {
    const seen = await payments.seek(payment)
    if (!seen) throw unknownPayment()
    return seen
  }

  /** A bank may send back what had arrived, days later: the money is with us again, and a person must find another way. */
  const hearOfGiven = async (given: RefundRow, reference: string) => {
    const { id: refund_id, payment_id, amount_minor, refund_reference } = given
    const seen = await payments.providerOf(given).refund({ reference, refund_id, amount_minor, refund_reference })
    if (seen.status === 'failed')
      await payments.alarmOfRefund(db, payment_id, 'refund_returned', { refund_id, amount_minor, code: seen.failure_code })
  }

  /** Asks about the refund as well, also of money that an exchange took on, and calls a person where one is needed. */
  const follow = async (payment: PaymentRow, { refund_id, reference, alarm }: ProviderEvent) => {
    const known = refund_id === undefined ? undefined : await payments.findRefundForProvider(db, refund_id)
    if (known?.provider === payment.provider && known.provider_reference === reference)
      await (known.status === 'success' ? hearOfGiven(known, reference) : refund({ refund_id: known.id }))
    if (alarm) await payments.raiseAlarm(db, payment.id, alarm.kind, alarm.detail)
  }

  /** Undefined: the provider moves money for others too, of which we know nothing. */
  const paymentOf = async (provider: string, { payment_id, reference }: ProviderEvent) => {
    if (payment_id === null) return payments.findByReference(db, provider, reference)
    const payment = await payments.find(db, payment_id)
    if (!payment) throw unknownPayment()
    if (payment.provider !== provider) throw paymentNotFound()
    return payment
  }

  return async (raw: Buffer, headers: Headers): Promise<{ received: boolean }> => {
    const provider = payments.provider()
    const event = provider.readWebhook(raw, headers)
    const payment = event && (await paymentOf(provider.name, event))
    if (!event || !payment || (await payments.hasEvent(db, provider.name, event.id))) return { received: true }
    try {
      await follow(payment, event)
      await drive.apply(payment, await lookAgain(payment), { provider: provider.name, event_id: event.id, type: event.type })
    } catch (error) {
      throw isProviderUnavailable(error) ? unknownPayment() : error
    }
    return { received: true }
  }
}
