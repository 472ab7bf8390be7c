import { isProviderRefused, isProviderUnavailable } from '#modules/payments/errors.ts'
import type { PaymentRow, PaymentsService, ProviderPayment } from '#modules/payments/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Log } from '#platform/log.ts'
import { isOrderOverdue } from './expire.statement.ts'
import type { Event, Settle, Settled } from './settle.ts'

type Deps = { db: Db; log: Log; payments: PaymentsService; settle: Settle }

/** Talks to the provider about one payment and writes down what it says. */
export const createDrive = ({ db, log, payments, settle }: Deps) => {
  /**
   * A declined intent could be confirmed again behind our back, so it is closed at the provider before we let go of
   * it; should it have succeeded meanwhile, or be under way with another card, that is what counts.
   */
  const close = async (payment: PaymentRow, seen: ProviderPayment): Promise<ProviderPayment> => {
    if (seen.status !== 'failed') return seen
    const after = await payments.providerOf(payment).cancel(seen.reference)
    return after.status === 'canceled' ? { ...after, status: 'failed', failure_code: seen.failure_code } : after
  }

  const apply = async (payment: PaymentRow, told: ProviderPayment, event?: Event): Promise<Settled | 'open' | 'ended'> => {
    const seen = await close(payment, told)
    if (seen.status === 'succeeded') return settle.settle(payment, seen, event)
    return transaction(db, async (tx) => {
      await payments.lock(tx, payment.id)
      if (event && !(await payments.storeEvent(tx, { ...event, payment_id: payment.id }))) return 'repeated'
      if (seen.status === 'failed' || seen.status === 'canceled') {
        // A declined intent that we have closed since was declined all the same.
        const ending = seen.failure_code === null ? seen.status : 'failed'
        await payments.mark(tx, payment.id, ending, { reference: seen.reference, failure_code: seen.failure_code })
        await payments.closeAlarms(tx, payment.id, 'overdue')
        return 'ended'
      }
      await payments.noteSeen(tx, payment.id, seen)
      return 'open'
    })
  }

  const ask = (payment: PaymentRow, card_token: string | undefined): Promise<ProviderPayment> => {
    const { id: payment_id, amount_minor, currency, created_at, provider_reference } = payment
    const provider = payments.providerOf(payment)
    if (provider_reference !== null && card_token !== undefined) return provider.confirm(provider_reference, card_token)
    return provider.charge({ payment_id, amount_minor, currency, created_at, card_token })
  }

  /** The provider said no to the call itself, for example to a card it does not know. */
  const refuse = async (payment: PaymentRow, failure_code: string) => {
    const seen = await payments.seek(payment)
    if (seen) await apply(payment, { ...seen, status: seen.status === 'succeeded' ? 'succeeded' : 'failed', failure_code })
    else await payments.mark(db, payment.id, 'failed', { reference: null, failure_code })
  }

  const push = async (payment: PaymentRow, card_token: string | undefined) => {
    try {
      await apply(payment, await ask(payment, card_token))
    } catch (error) {
      if (!isProviderRefused(error)) throw error
      await refuse(payment, error.code)
    }
  }

  return {
    apply,
    /**
     * Brings a pending payment as far as the provider lets it. An unknown outcome stays pending and is asked about
     * later; nobody is charged any more for an order whose time is over.
     */
    drive: async (paymentId: number, card_token?: string): Promise<void> => {
      const payment = await payments.find(db, paymentId)
      if (!payment || payment.status !== 'pending' || (await isOrderOverdue(db, payment.order_id))) return
      try {
        await push(payment, card_token)
      } catch (error) {
        if (!isProviderUnavailable(error)) throw error
        log.warn({ payment_id: paymentId, err: error }, 'payment outcome unknown, will ask again')
      }
    },
  }
}
export type Drive = ReturnType<typeof createDrive>
