import { useSuspenseQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { paymentProvider, type Order } from '../api.ts'
import { type Outcome, secretToConfirm } from '../pay-outcome.ts'

/**
 * Whoever comes back from their bank, or has reloaded the page, is told how their payment stands before they can pay again.
 * True while Stripe is asked.
 */
export const useBegun = (order: Order, onOutcome: (outcome: Outcome) => void): boolean => {
  const { data } = useSuspenseQuery(paymentProvider)
  const key = data.publishable_key
  // Only what was there when the page opened: what is paid on it is heard of as it happens.
  const [secret] = useState(() => secretToConfirm(order))
  const [asking, setAsking] = useState(secret !== undefined && key !== null)
  useEffect(() => {
    if (secret === undefined || key === null) return undefined
    let gone = false
    const ask = async () => {
      const { askStripe } = await import('./stripe.ts')
      const known = await askStripe(key, secret)
      if (known && !gone) onOutcome(known)
    }
    ask()
      .catch(() => undefined)
      .finally(() => gone || setAsking(false))
    return () => {
      gone = true
    }
  }, [secret, key, onOutcome])
  return asking
}
