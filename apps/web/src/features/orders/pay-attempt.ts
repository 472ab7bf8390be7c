/** Marks this purchase in this tab, so that asking again after a lost answer is the same payment and never a second. */
const keyOf = (order_id: number) => `marquee_attempt_${order_id}`

export type Attempt = { key: string; card_token: string; amount: number }

export const openAttempt = (order_id: number): Attempt | undefined => {
  try {
    return (JSON.parse(sessionStorage.getItem(keyOf(order_id)) ?? 'null') as Attempt | undefined) ?? undefined
  } catch {
    return undefined
  }
}

/** A new attempt, unless one with the same card and amount is still without an answer. */
export const startAttempt = (order_id: number, card_token: string, amount: number): Attempt => {
  const open = openAttempt(order_id)
  if (open && open.card_token === card_token && open.amount === amount) return open
  const attempt = { key: crypto.randomUUID(), card_token, amount }
  sessionStorage.setItem(keyOf(order_id), JSON.stringify(attempt))
  return attempt
}

/** The bank has answered: whatever comes next is another attempt. */
export const closeAttempt = (order_id: number) => sessionStorage.removeItem(keyOf(order_id))
