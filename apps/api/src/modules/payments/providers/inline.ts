import { webhookFromNobody } from '../errors.ts'
import type { OurPayment, PaymentProvider, ProviderPayment } from './provider.ts'

/** Orders that cost nothing go the way of all others. */
export const FREE = 'free'
/** What a cashier takes at the counter: money into the drawer, or a card at a terminal that is not connected to us. */
export const COUNTER = ['cash', 'terminal'] as const

/**
 * A provider that is our own books. The row of the payment is the taking of the money: whoever finds it pending after
 * a crash finds it paid. A refund is an entry in the books; the drawer or the terminal gives the money.
 */
export const createInlineProvider = (
  name: string,
  lookUp: (payment_id: number) => Promise<Pick<OurPayment, 'amount_minor' | 'currency'> | undefined>,
): PaymentProvider => {
  const prefix = `${name}_`
  const paid = (
    payment_id: number,
    { amount_minor, currency }: Pick<OurPayment, 'amount_minor' | 'currency'>,
  ): ProviderPayment => ({
    reference: `${prefix}${payment_id}`,
    payment_id,
    status: 'succeeded',
    amount_minor,
    currency,
    refunded_minor: 0,
    failure_code: null,
    client_secret: null,
    redirect_url: null,
  })
  const byReference = async (reference: string) => {
    const payment_id = Number(reference.slice(prefix.length))
    return paid(payment_id, (await lookUp(payment_id)) ?? { amount_minor: 0, currency: '' })
  }
  return {
    name,
    publishable_key: null,
    charge: async (payment) => paid(payment.payment_id, payment),
    confirm: byReference,
    find: async (payment) => paid(payment.payment_id, payment),
    cancel: byReference,
    refund: async ({ refund_id, amount_minor }) => ({
      reference: `${prefix}refund_${refund_id}`,
      amount_minor,
      status: 'succeeded',
      failure_code: null,
    }),
    readWebhook: () => {
      throw webhookFromNobody()
    },
  }
}
