import type { PaymentIntent, PaymentIntentResult, Stripe, StripeError } from '@stripe/stripe-js'
import { loadStripe } from '@stripe/stripe-js/pure'

import { currentLanguage } from '#lib/i18n.ts'
import type { Outcome } from '../pay-outcome.ts'

/** Stripe's form speaks no Ukrainian yet: it takes the browser's language, or English. */
const languageOf = () => {
  const language = currentLanguage()
  return language === 'uk' ? 'auto' : language
}

let loading: Promise<Stripe> | undefined

/** Stripe's own script, once for a page; what did not load is asked for anew the next time. */
export const theStripe = (publishable_key: string): Promise<Stripe> =>
  (loading ??= loadStripe(publishable_key, { locale: languageOf() })
    .then((stripe) => {
      if (!stripe) throw new Error('There is no window for Stripe here.')
      return stripe
    })
    .catch((error: unknown) => {
      loading = undefined
      throw error
    }))

const declined = ({ decline_code, code }: Pick<StripeError, 'decline_code' | 'code'>): Outcome => ({
  kind: 'declined',
  reason: decline_code ?? code ?? 'card_declined',
  recommendation: '',
})

/** What an intent says of itself; undefined while nobody has tried to pay it. */
const outcomeOf = ({ status, last_payment_error }: PaymentIntent): Outcome | undefined => {
  if (status === 'succeeded' || status === 'processing') return { kind: 'checking', offline: false }
  return status === 'requires_payment_method' && last_payment_error ? declined(last_payment_error) : undefined
}

/** How a payment stands that was begun before: after a bank's own page, or a reload. */
export const askStripe = async (publishable_key: string, client_secret: string): Promise<Outcome | undefined> => {
  const stripe = await theStripe(publishable_key)
  const { paymentIntent, error } = await stripe.retrievePaymentIntent(client_secret)
  if (error) throw new Error(error.message ?? error.type)
  return outcomeOf(paymentIntent)
}

/** Whoever comes to nothing without a word may still have paid: then it is looked up, and never paid again. */
export const outcomeOfConfirm = async (
  { paymentIntent, error }: PaymentIntentResult,
  ask: () => Promise<Outcome | undefined>,
): Promise<Outcome | undefined> => {
  if (paymentIntent) return outcomeOf(paymentIntent) ?? { kind: 'failed' }
  if (error.type === 'card_error') return declined(error)
  // Stripe's form says itself what is missing in it.
  if (error.type === 'validation_error') return undefined
  return ask().then(
    (known) => known ?? { kind: 'unavailable' },
    () => ({ kind: 'checking', offline: true }),
  )
}
