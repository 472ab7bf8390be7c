import { providerRefused } from '../../errors.ts'

/** What a test card does. Without `declined` it takes the money. */
export type Card = {
  declined?: string
  /** The bank decides later: the intent is `processing` until then, and only a webhook tells. */
  later?: true
  /** The effect happens at once, the answer comes late. */
  slow?: true
  /** The effect happens, the answer never comes. */
  lost?: true
  /** What is captured beyond what was asked. */
  difference_minor?: number
  /** The success is told three times, and `processing` only after the first two. */
  shuffled?: true
}

/** The tokens of the public contract. */
const PUBLIC_CARDS = {
  tok_ok: {},
  tok_insufficient_funds: { declined: 'insufficient_funds' },
  tok_card_declined: { declined: 'card_declined' },
  tok_expired_card: { declined: 'expired_card' },
  tok_slow: { slow: true },
  tok_async: { later: true },
} satisfies Record<string, Card>

/** For fault tests only; clients cannot rely on them. */
const TEST_CARDS = {
  tok_async_declined: { later: true, declined: 'card_declined' },
  tok_lost: { lost: true },
  tok_wrong_amount: { difference_minor: -1 },
  tok_duplicate: { later: true, shuffled: true },
} satisfies Record<string, Card>

const cards = new Map<string, Card>(Object.entries({ ...PUBLIC_CARDS, ...TEST_CARDS }))

export const cardOf = (token: string): Card => {
  const card = cards.get(token)
  if (!card) throw providerRefused('invalid_card_token')
  return card
}
