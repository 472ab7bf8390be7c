import { webhookFromNobody } from '../errors.ts'
import type { PaymentProvider, ProviderPayment } from './provider.ts'

export const FREE = 'free'

const paid = (payment_id: number, currency: string): ProviderPayment => ({
  reference: `free_${payment_id}`,
  payment_id,
  status: 'succeeded',
  amount_minor: 0,
  currency,
  refunded_minor: 0,
  failure_code: null,
  client_secret: null,
  redirect_url: null,
})

/** Takes nothing for orders that cost nothing, so that they go the way of all others. */
export const createFreeProvider = (currencyOf: (payment_id: number) => Promise<string | undefined>): PaymentProvider => {
  const find = async (payment_id: number) => paid(payment_id, (await currencyOf(payment_id)) ?? '')
  const byReference = (reference: string) => find(Number(reference.replace('free_', '')))
  return {
    name: FREE,
    charge: async ({ payment_id, currency }) => paid(payment_id, currency),
    confirm: byReference,
    find,
    cancel: byReference,
    refund: async ({ reference }) => ({ reference, amount_minor: 0 }),
    readWebhook: () => {
      throw webhookFromNobody()
    },
  }
}
