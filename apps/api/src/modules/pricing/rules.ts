import { toMajor, toMinor } from '#platform/money.ts'
import type { PriceCard, PriceCardUpdate, PriceRules, PriceRulesUpdate, TypePrice } from './card.schemas.ts'
import { defaultHasNoOffer, endsBeforeItStarts, neverValid, oneWay, tooPrecise, typeTwice } from './errors.ts'
import type { CinemaRules } from './price-order.ts'
import type { Offer } from './price-seat.ts'
import type { RoundingMode } from './rounding.ts'
import type { Format } from './schemas.ts'

const BASIS_POINTS = 100
/** Per cent with two decimals as whole hundredths of one. */
export const basisPoints = (percent: number): number => Math.round(percent * BASIS_POINTS)

/** A third decimal is refused, not rounded away. */
export const exactPercent = (percent: number, pointer: string): number => {
  if (basisPoints(percent) / BASIS_POINTS !== percent) throw tooPrecise(pointer)
  return percent
}

/** A session has one format, whatever it can do: IMAX in 3D is IMAX. */
export const formatOf = ({ format_3d, format_imax }: { format_3d: boolean; format_imax: boolean }): Format => {
  if (format_imax) return 'imax'
  return format_3d ? '3d' : '2d'
}

const MINUTES_PER_DAY = 1440
const DAY_BEGINS = 6 * 60

/** Minutes since the cinema’s day began, at six: a night past midnight comes after its evening. */
export const dayMinute = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return (hours * 60 + minutes + MINUTES_PER_DAY - DAY_BEGINS) % MINUTES_PER_DAY
}

type Hours = { from_time: string; to_time: string; valid_from: string; valid_to: string | null }
export const requireHours = ({ from_time, to_time, valid_from, valid_to }: Hours): void => {
  if (dayMinute(from_time) >= (dayMinute(to_time) || MINUTES_PER_DAY)) throw endsBeforeItStarts()
  if (valid_to !== null && valid_to < valid_from) throw neverValid()
}

/** What a card keeps of a type; the codes are those of the wire. */
export type CardOffer = Offer & { ticket_type: string }

const offerOf = ({ price, amount_off, percent_off, is_sold }: TypePrice, pointer: string): Offer => {
  if ([price, amount_off, percent_off, is_sold].filter((way) => way !== undefined).length !== 1) throw oneWay(pointer)
  if (price)
    return {
      kind: 'price',
      standard_minor: toMinor(price.standard, `${pointer}/price/standard`),
      premium_minor: toMinor(price.premium, `${pointer}/price/premium`),
      vip_minor: toMinor(price.vip, `${pointer}/price/vip`),
    }
  if (amount_off !== undefined) return { kind: 'amount_off', amount_minor: toMinor(amount_off, `${pointer}/amount_off`) }
  return percent_off === undefined
    ? { kind: 'not_sold' }
    : { kind: 'percent_off', basis_points: basisPoints(exactPercent(percent_off, `${pointer}/percent_off`)) }
}

/** What a card says of types, as it is kept. */
export const offersOf = (asked: TypePrice[], defaultCode: string): CardOffer[] => {
  const seen = new Set<string>()
  return asked.map((one, index) => {
    const pointer = `/ticket_types/${index}`
    if (one.ticket_type === defaultCode) throw defaultHasNoOffer(pointer, defaultCode)
    if (seen.has(one.ticket_type)) throw typeTwice(pointer, one.ticket_type)
    seen.add(one.ticket_type)
    return { ticket_type: one.ticket_type, ...offerOf(one, pointer) }
  })
}

const shownOffer = ({ ticket_type, ...offer }: CardOffer): TypePrice => {
  if (offer.kind === 'not_sold') return { ticket_type, is_sold: false }
  if (offer.kind === 'amount_off') return { ticket_type, amount_off: toMajor(offer.amount_minor) }
  if (offer.kind === 'percent_off') return { ticket_type, percent_off: offer.basis_points / BASIS_POINTS }
  const { standard_minor, premium_minor, vip_minor } = offer
  return { ticket_type, price: { standard: toMajor(standard_minor), premium: toMajor(premium_minor), vip: toMajor(vip_minor) } }
}

export type CardRow = Omit<PriceCard, 'prices' | 'ticket_types'> & {
  base_price_minor: number
  premium_price_minor: number
  vip_price_minor: number
  offers: CardOffer[]
}

export const showCard = ({ base_price_minor, premium_price_minor, vip_price_minor, offers, ...card }: CardRow): PriceCard => ({
  ...card,
  prices: { standard: toMajor(base_price_minor), premium: toMajor(premium_price_minor), vip: toMajor(vip_price_minor) },
  ticket_types: offers.map(shownOffer),
})

/** The columns of what was said of a card; what was left out stays. */
export const cardColumns = ({ prices, ticket_types, ...card }: Omit<PriceCardUpdate, 'is_active'>, defaultCode: string) => ({
  ...card,
  ...(prices && {
    base_price_minor: toMinor(prices.standard, '/prices/standard'),
    premium_price_minor: toMinor(prices.premium, '/prices/premium'),
    vip_price_minor: toMinor(prices.vip, '/prices/vip'),
  }),
  ...(ticket_types && { offers: JSON.stringify(offersOf(ticket_types, defaultCode)) }),
})

export type RulesRow = {
  web_ticket_fee_minor: number
  web_order_fee_minor: number
  counter_ticket_fee_minor: number
  counter_order_fee_minor: number
  tax_mode: 'none' | 'included' | 'added'
  tax_name: string
  tax_percent: number
  rounding: RoundingMode
  rounding_step_minor: number
}

export const NO_RULES_ROW: RulesRow = {
  web_ticket_fee_minor: 0,
  web_order_fee_minor: 0,
  counter_ticket_fee_minor: 0,
  counter_order_fee_minor: 0,
  tax_mode: 'none',
  tax_name: 'VAT',
  tax_percent: 0,
  rounding: 'half_up',
  rounding_step_minor: 1,
}

type Step = PriceRules['rounding']['step']

export const showRules = (cinema_id: number, row: RulesRow): PriceRules => ({
  cinema_id,
  fees: {
    web: { per_ticket: toMajor(row.web_ticket_fee_minor), per_order: toMajor(row.web_order_fee_minor) },
    counter: { per_ticket: toMajor(row.counter_ticket_fee_minor), per_order: toMajor(row.counter_order_fee_minor) },
  },
  tax: { mode: row.tax_mode, name: row.tax_name, percent: row.tax_percent },
  rounding: { mode: row.rounding, step: toMajor(row.rounding_step_minor) as Step },
})

export const rulesColumns = ({ fees, tax, rounding }: PriceRulesUpdate): Partial<RulesRow> => ({
  ...(fees && {
    web_ticket_fee_minor: toMinor(fees.web.per_ticket, '/fees/web/per_ticket'),
    web_order_fee_minor: toMinor(fees.web.per_order, '/fees/web/per_order'),
    counter_ticket_fee_minor: toMinor(fees.counter.per_ticket, '/fees/counter/per_ticket'),
    counter_order_fee_minor: toMinor(fees.counter.per_order, '/fees/counter/per_order'),
  }),
  ...(tax && { tax_mode: tax.mode, tax_name: tax.name, tax_percent: exactPercent(tax.percent, '/tax/percent') }),
  ...(rounding && { rounding: rounding.mode, rounding_step_minor: toMinor(rounding.step, '/rounding/step') }),
})

/** The same rules as the price of an order takes them, of each channel. */
export const rulesOf = (row: RulesRow): { web: CinemaRules; counter: CinemaRules } => {
  const both = {
    tax: { mode: row.tax_mode, name: row.tax_name, basis_points: basisPoints(row.tax_percent) },
    rounding: { mode: row.rounding, step_minor: row.rounding_step_minor },
  }
  return {
    web: { ...both, fees: { per_ticket_minor: row.web_ticket_fee_minor, per_order_minor: row.web_order_fee_minor } },
    counter: { ...both, fees: { per_ticket_minor: row.counter_ticket_fee_minor, per_order_minor: row.counter_order_fee_minor } },
  }
}
