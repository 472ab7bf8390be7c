import type { Payment } from '#modules/checkout/schemas.ts'
import { invalid } from '#platform/errors.ts'
import type { Buyer } from '#platform/http/access.ts'
import { knownOrigins, type Origins } from '#platform/http/origins.ts'
import type { Attempt } from '#platform/idempotency.ts'
import type { CheckoutSessionCreate } from './checkout-session.schemas.ts'
import type { Pay } from './pay.ts'

type Deps = { pay: Pay; publicUrl: string; rules: Origins }

/**
 * Starts, or finds, the payment of one's own order and says where to go on with it: to the provider when it asks for that,
 * else to our own payment page. A hosted page of the provider would outlive the hold.
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

  return async (
    actor: Buyer,
    { order_id, return_url, ...wish }: CheckoutSessionCreate,
    attempt: Attempt | undefined,
  ): Promise<Payment> => {
    if (return_url !== undefined) requireOurs(return_url)
    const payment = await pay.pay(actor, order_id, { ...wish, ownerOnly: true }, attempt)
    return { ...payment, redirect_url: payment.redirect_url ?? pageOf(payment, return_url) }
  }
}
