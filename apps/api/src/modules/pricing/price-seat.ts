import type { SeatType } from '#platform/db/types.gen.ts'
import { toMajor, toMinorExactly } from '#platform/money.ts'
import { typeNotForSeat, typeNotSold, unknownType } from './errors.ts'
import type { Channel, CinemaRules, InLanguages, TraceEntry } from './price-order.ts'
import { shareOf } from './rounding.ts'

export type SessionPrices = { base_price_minor: number; vip_price_minor: number; premium_price_minor: number }
export const seatClasses = ['standard', 'premium', 'vip'] as const
export type SeatClass = (typeof seatClasses)[number]

/** Nobody pays more for needing a wheelchair space or for keeping somebody company; a sofa costs what premium does. */
const CLASSES: Record<SeatType, SeatClass> = {
  standard: 'standard',
  wheelchair: 'standard',
  companion: 'standard',
  premium: 'premium',
  sofa: 'premium',
  vip: 'vip',
}

const LABELS: Record<SeatType, string> = {
  standard: 'Standard seat',
  wheelchair: 'Wheelchair space',
  companion: 'Companion seat',
  premium: 'Premium seat',
  sofa: 'Sofa seat',
  vip: 'VIP seat',
}

const PRICES = {
  standard: 'base_price_minor',
  premium: 'premium_price_minor',
  vip: 'vip_price_minor',
} as const satisfies Record<SeatClass, keyof SessionPrices>

/** What a ticket type costs on a card: so much, so much less, or a part less. `basis_points` are hundredths of a per cent. */
export type Offer =
  | { kind: 'price'; standard_minor: number; premium_minor: number; vip_minor: number }
  | { kind: 'amount_off'; amount_minor: number }
  | { kind: 'percent_off'; basis_points: number }
  | { kind: 'not_sold' }

/** A type of ticket as a session sells it; `seat_types` null is for every seat. */
export type SoldType = {
  code: string
  names: InLanguages
  who_may_buy: InLanguages
  needs_proof: boolean
  is_default: boolean
  seat_types: SeatType[] | null
  offer: Offer
}

/** All that prices at one session depend on beside its own three prices. `card` is null when those are its own. */
export type PriceBook = { cinema_id: number; card: { id: number; name: string } | null; types: SoldType[] } & Record<
  Channel,
  CinemaRules
>

export type PricedSeat = { cinema_id: number; ticket_type: string; price_minor: number; trace: TraceEntry[] }

export const classOf = (seat_type: SeatType): SeatClass => CLASSES[seat_type]

/** What a place costs before anybody is asked who sits on it. */
export const seatPrice = (seat_type: SeatType, prices: SessionPrices): { price_minor: number; seat_class: SeatClass } => {
  const seat_class = CLASSES[seat_type]
  return { price_minor: prices[PRICES[seat_class]], seat_class }
}

const isFor = ({ seat_types }: Pick<SoldType, 'seat_types'>, seat_type: SeatType): boolean =>
  seat_types === null || seat_types.includes(seat_type)

const offered = (
  offer: Offer,
  full_minor: number,
  seat_class: SeatClass,
  { rounding }: Pick<CinemaRules, 'rounding'>,
): number => {
  if (offer.kind === 'price') return offer[`${seat_class}_minor`]
  if (offer.kind === 'amount_off') return Math.max(0, full_minor - offer.amount_minor)
  if (offer.kind === 'not_sold' || offer.basis_points === 0) return full_minor
  return Math.min(full_minor, shareOf(full_minor, 10_000 - offer.basis_points, rounding))
}

/** The price of one seat for one type of ticket with the origin of every cent. Whether the type is sold there was asked before. */
export const priceSeat = (
  seat_type: SeatType,
  { code, names: { en: label }, offer }: Pick<SoldType, 'code' | 'names' | 'offer'>,
  prices: SessionPrices,
  { cinema_id, card, web }: Pick<PriceBook, 'cinema_id' | 'card' | 'web'>,
): PricedSeat => {
  const { price_minor: full_minor, seat_class } = seatPrice(seat_type, prices)
  const price_minor = offered(offer, full_minor, seat_class, web)
  const named = `${card ? `${card.name}: ` : ''}${LABELS[seat_type]}`
  const source = card ? `price_card.${card.id}` : `session.${seat_class === 'standard' ? 'base' : seat_class}_price`
  const priced = { cinema_id, ticket_type: code, price_minor }
  if (offer.kind === 'price') return { ...priced, trace: [{ source, label: `${named}, ${label}`, amount: toMajor(price_minor) }] }
  const trace = [{ source, label: named, amount: toMajor(full_minor) }]
  if (price_minor === full_minor) return { ...priced, trace }
  return { ...priced, trace: [...trace, { source: `ticket_type.${code}`, label, amount: toMajor(price_minor - full_minor) }] }
}

const defaultOf = ({ types }: PriceBook): SoldType => {
  const found = types.find(({ is_default }) => is_default)
  if (!found) throw new Error('There is no default type of ticket.')
  return found
}

/** The type that somebody asks for, when it is sold there for that seat; by default the default one. */
const typeFor = (book: PriceBook, seat_type: SeatType, code: string | undefined, pointer: string): SoldType => {
  if (code === undefined) return defaultOf(book)
  const type = book.types.find((one) => one.code === code)
  if (!type) throw unknownType(pointer, code)
  if (type.offer.kind === 'not_sold') throw typeNotSold(pointer, code)
  if (!isFor(type, seat_type)) throw typeNotForSeat(pointer, code, seat_type)
  return type
}

type Sale = { session: SessionPrices; book: PriceBook }

/** One seat's price for the type that was asked for. */
export const priceAt = ({ session, book }: Sale, seat_type: SeatType, code?: string, pointer = '/ticket_type'): PricedSeat =>
  priceSeat(seat_type, typeFor(book, seat_type, code, pointer), session, book)

/** The beginning of a line's trace that makes up its price; what follows is what was taken off it. */
export const priceTrace = (trace: TraceEntry[], price_minor: number): TraceEntry[] => {
  let reached = 0
  const end = trace.findIndex(({ amount }) => (reached += toMinorExactly(amount)) === price_minor)
  return trace.slice(0, end + 1)
}
