import type { SeatType } from '#platform/db/types.gen.ts'
import { toMajor } from '#platform/money.ts'

export type SessionPrices = { base_price_minor: number; vip_price_minor: number; premium_price_minor: number }
export type PriceSource = 'session.base_price' | 'session.premium_price' | 'session.vip_price'

/** Where one cent of a line comes from; `amount` is in major units and may be negative. */
export type TraceEntry = { source: string; label: string; amount: number }
export type PricedLine = { price_minor: number; discount_minor: number; total_minor: number; trace: TraceEntry[] }

const SOURCES: Record<SeatType, PriceSource> = {
  standard: 'session.base_price',
  wheelchair: 'session.base_price',
  companion: 'session.base_price',
  premium: 'session.premium_price',
  sofa: 'session.premium_price',
  vip: 'session.vip_price',
}

const LABELS: Record<SeatType, string> = {
  standard: 'Standard seat',
  wheelchair: 'Wheelchair space',
  companion: 'Companion seat',
  premium: 'Premium seat',
  sofa: 'Sofa seat',
  vip: 'VIP seat',
}

const PRICES: Record<PriceSource, keyof SessionPrices> = {
  'session.base_price': 'base_price_minor',
  'session.premium_price': 'premium_price_minor',
  'session.vip_price': 'vip_price_minor',
}

/** Nobody pays more for needing a wheelchair space or for keeping somebody company; a sofa costs what premium does. */
export const seatPrice = (seat_type: SeatType, prices: SessionPrices): { price_minor: number; source: PriceSource } => {
  const source = SOURCES[seat_type]
  return { price_minor: prices[PRICES[source]], source }
}

/** The price of one seat with the origin of every cent. */
export const priceSeat = (seat_type: SeatType, prices: SessionPrices): PricedLine => {
  const { price_minor, source } = seatPrice(seat_type, prices)
  const trace = [{ source, label: LABELS[seat_type], amount: toMajor(price_minor) }]
  return { price_minor, discount_minor: 0, total_minor: price_minor, trace }
}

export type Totals = {
  subtotal_minor: number
  discount_minor: number
  fees_minor: number
  tax_minor: number
  total_minor: number
}

/** Sums an order's lines. */
export const sumLines = (lines: Pick<PricedLine, 'price_minor' | 'discount_minor'>[]): Totals => {
  const subtotal_minor = lines.reduce((sum, { price_minor }) => sum + price_minor, 0)
  const discount_minor = lines.reduce((sum, line) => sum + line.discount_minor, 0)
  return { subtotal_minor, discount_minor, fees_minor: 0, tax_minor: 0, total_minor: subtotal_minor - discount_minor }
}
