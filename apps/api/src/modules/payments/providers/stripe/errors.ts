import Stripe from 'stripe'

import { providerRefused, providerUnavailable } from '../../errors.ts'

const unknown = (error: unknown) => Object.assign(providerUnavailable('Stripe did not say what became of it.'), { cause: error })

/** Only what Stripe itself calls an invalid request did not happen; whatever else goes wrong leaves the outcome open. */
const translate = (error: unknown): Error => {
  if (error instanceof Stripe.errors.StripeIdempotencyError) return providerRefused('idempotency_mismatch')
  if (error instanceof Stripe.errors.StripeInvalidRequestError) return providerRefused(error.code ?? 'invalid_request')
  return unknown(error)
}

/** Calls Stripe; errors that the caller does not expect become those of the port. */
export const ask = async <T>(call: () => Promise<T>, expected?: (error: unknown) => Promise<T> | undefined): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    const answer = expected?.(error)
    if (answer) return answer
    throw translate(error)
  }
}

/** What we have been told the name of exists: if not, we are speaking to another account, and know nothing. */
export const existing = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    throw unknown(error)
  }
}

/** Stripe keeps the first answer to a key, and gives it again however things stand by now. */
export const isReplayed = (answer: Stripe.Response<unknown>): boolean =>
  answer.lastResponse.headers['idempotent-replayed'] === 'true'

/** A server error that is kept under the key comes again for a day: asking with the key tells nothing any more. */
export const isKeptFailure = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeAPIError && error.headers?.['idempotent-replayed'] === 'true'

export const isCardError = (error: unknown): boolean => error instanceof Stripe.errors.StripeCardError

export const isUnexpectedState = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state'

export const isUnknownCard = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  error.code === 'resource_missing' &&
  (error.param === 'payment_method' || error.param === 'confirmation_token')

export const isInvalidRequest = (error: unknown): boolean => error instanceof Stripe.errors.StripeInvalidRequestError
