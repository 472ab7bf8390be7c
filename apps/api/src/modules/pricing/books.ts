import { LRUCache } from 'lru-cache'

import type { Db } from '#platform/db/kysely.ts'
import type { Offer, PriceBook, SessionPrices, SoldType } from './price-seat.ts'
import { findBook } from './repository.ts'
import { basisPoints, NO_RULES_ROW, rulesOf } from './rules.ts'

const MAX_SESSIONS = 20_000
const MAX_BOOKS = 2000
/** Whatever changes prices raises the version of each session it may concern, and the write compares it. */
const CACHED_FOR_MS = 60_000

/** What a booking knows of a session that says what its seats cost. */
export type OnSale = SessionPrices & { id: number; version: number; cinema_id: number; price_card_id: number | null }

const read = async (db: Db, cinema_id: number, card_id: number | null): Promise<PriceBook> => {
  const { types, card, rules } = await findBook(db, cinema_id, card_id)
  const onCard = new Map<string, Offer>(card?.offers.map(({ ticket_type, ...offer }) => [ticket_type, offer]))
  const sold = types.map(({ code, names, who_may_buy, needs_proof, is_default, seat_types, percent_off }): SoldType => {
    const offer = onCard.get(code) ?? { kind: 'percent_off' as const, basis_points: basisPoints(percent_off) }
    return { code, names, who_may_buy, needs_proof, is_default, seat_types, offer }
  })
  return { cinema_id, card: card && { id: card.id, name: card.name }, types: sold, ...rulesOf(rules ?? NO_RULES_ROW) }
}

/** What people are charged at a session, kept for each version of it; sessions that charge the same share it. */
export const createBooks = ({ db }: { db: Db }) => {
  const bySession = new LRUCache<string, Promise<PriceBook>>({ max: MAX_SESSIONS, ttl: CACHED_FOR_MS })
  const shared = new LRUCache<string, PriceBook>({ max: MAX_BOOKS })

  const share = (book: PriceBook): PriceBook => {
    const text = JSON.stringify(book)
    const known = shared.get(text)
    if (!known) shared.set(text, book)
    return known ?? book
  }

  return {
    /** Not for use inside a transaction. */
    bookOf: ({ id, version, cinema_id, price_card_id }: Omit<OnSale, keyof SessionPrices>): Promise<PriceBook> => {
      const key = `${id}:${version}`
      const known = bySession.get(key)
      if (known) return known
      const reading = read(db, cinema_id, price_card_id).then(share)
      bySession.set(key, reading)
      reading.catch(() => bySession.peek(key) === reading && bySession.delete(key))
      return reading
    },
    /** What a card, or no card, would charge. */
    bookFor: (cinema_id: number, card_id: number | null) => read(db, cinema_id, card_id),
  }
}
