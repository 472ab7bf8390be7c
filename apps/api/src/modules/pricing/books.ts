import { LRUCache } from 'lru-cache'

import type { Db } from '#platform/db/kysely.ts'
import type { Offer, PriceBook, SoldType } from './price-seat.ts'
import { findBook } from './repository.ts'
import { basisPoints, NO_RULES_ROW, rulesOf } from './rules.ts'

const MAX_BOOKS = 2000
const CACHED_FOR_MS = 60_000

/** Where a session's prices come from, read with its version. */
type Source = { cinema_id: number; price_card_id: number | null; price_revision: number }

const read = async (db: Db, cinema_id: number, card_id: number | null): Promise<PriceBook> => {
  const { types, card, rules } = await findBook(db, cinema_id, card_id)
  const onCard = new Map<string, Offer>(card?.offers.map(({ ticket_type, ...offer }) => [ticket_type, offer]))
  const sold = types.map(({ code, names, who_may_buy, needs_proof, is_default, seat_types, percent_off }): SoldType => {
    const offer = onCard.get(code) ?? { kind: 'percent_off' as const, basis_points: basisPoints(percent_off) }
    return { code, names, who_may_buy, needs_proof, is_default, seat_types, offer }
  })
  return { cinema_id, card: card && { id: card.id, name: card.name }, types: sold, ...rulesOf(rules ?? NO_RULES_ROW) }
}

/**
 * What people are charged, shared by all sessions of a cinema and a card. A book may be newer than the revision it is kept under, never older;
 * whoever then asks for it has read the session before that change, which raised the session's version, and the write compares that.
 */
export const createBooks = ({ db }: { db: Db }) => {
  const known = new LRUCache<string, Promise<PriceBook>>({ max: MAX_BOOKS, ttl: CACHED_FOR_MS })

  return {
    /** Not for use inside a transaction. */
    bookOf: ({ cinema_id, price_card_id, price_revision }: Source): Promise<PriceBook> => {
      const key = `${cinema_id}:${price_card_id}:${price_revision}`
      const kept = known.get(key)
      if (kept) return kept
      const reading = read(db, cinema_id, price_card_id)
      known.set(key, reading)
      reading.catch(() => known.peek(key) === reading && known.delete(key))
      return reading
    },
    /** What a card, or no card, would charge. */
    bookFor: (cinema_id: number, card_id: number | null) => read(db, cinema_id, card_id),
  }
}
