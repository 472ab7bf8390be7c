import type { Payment } from '#modules/checkout/schemas.ts'
import { invalid } from '#platform/errors.ts'
import type { Buyer } from '#platform/http/access.ts'
import { knownOrigins, type Origins } from '#platform/http/origins.ts'
import type { Attempt } from '#platform/idempotency.ts'
import type { CheckoutSessionCreate } from './checkout-session.schemas.ts'
import type { Pay, PayRequest } from './pay.ts'

type Deps = { pay: Pay; publicUrl: string; rules: Origins }

/**
 * Starts, or finds, the payment of an order and says where to go on with it: to the provider when it asks for that, else to
 * our own payment page, which leads back to `return_url`. A hosted page of the provider would outlive the hold.
 */
export const createCheckoutSession = ({ pay, publicUrl, rules }: Deps) => {
  const known = knownOrigins(rules)

  const requireOurs = (url: string) => {
    if (!URL.canParse(url) || !known.has(new URL(url).origin))
      throw invalid('/return_url', 'Buyers return to a page of ours only.', 'payments.foreign_return_url')
  }

  const pageOf = ({ status, order: { reference } }: Payment, return_url: string | undefined) => {
    const page = new URL(`${publicUrl}/${status === 'pending' ? 'pay' : 'order'}/${reference}`)
    if (return_url !== undefined) page.searchParams.set('return_url', return_url)
    return page.href
  }

  type Wish = PayRequest & { return_url?: string | undefined }
  const begin = async (actor: Buyer, orderId: number, { return_url, ...wish }: Wish, attempt: Attempt | undefined) => {
    if (return_url !== undefined) requireOurs(return_url)
    return pay.pay(actor, orderId, wish, attempt)
  }
  const toPage = (payment: Payment, return_url: string | undefined): Payment => ({
    ...payment,
    redirect_url: payment.redirect_url ?? pageOf(payment, return_url),
  })

  return {
    /** For whoever shows no payment page of their own; one's own orders only. */
    startSession: async (actor: Buyer, { order_id, ...wish }: CheckoutSessionCreate, attempt: Attempt | undefined) =>
      toPage(await begin(actor, order_id, { ...wish, ownerOnly: true }, attempt), wish.return_url),
    /** For whoever does; they are led to ours when they say where it leads back to. */
    initiate: async (actor: Buyer, orderId: number, wish: Wish, attempt: Attempt | undefined): Promise<Payment> => {
      const payment = await begin(actor, orderId, wish, attempt)
      return wish.return_url === undefined ? payment : toPage(payment, wish.return_url)
    },
  }
}
