import type { Shape } from '#lib/api.ts'
import type { CLASSES, Format, PriceCard } from './api.ts'

type Prices = Record<(typeof CLASSES)[number], string>

export const WAYS = ['usual', 'price', 'amount_off', 'percent_off', 'not_sold'] as const
export type Way = (typeof WAYS)[number]
export const isWay = (value: string): value is Way => WAYS.some((way) => way === value)

/** What a type of ticket costs at these hours; `amount` belongs to the two ways of taking something off. */
export type Offer = { way: Way; amount: string; prices: Prices }

/** A price card as its form has it: numbers as they are typed. */
export type CardValues = {
  name: string
  weekdays: number[]
  from_time: string
  to_time: string
  formats: Format[]
  valid_from: string
  valid_to: string
  prices: Prices
  offers: Record<string, Offer>
}

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
const NO_PRICES: Prices = { standard: '', premium: '', vip: '' }
export const NO_OFFER: Offer = { way: 'usual', amount: '', prices: NO_PRICES }

export const emptyCard = (today: string): CardValues => ({
  name: '',
  weekdays: [...WEEKDAYS],
  from_time: '06:00',
  to_time: '06:00',
  formats: ['2d'],
  valid_from: today,
  valid_to: '',
  prices: NO_PRICES,
  offers: {},
})

/** A number as people type it, with a comma or a point. Nothing is not a number: the server says so. */
export const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.')))

const typed = (prices: PriceCard['prices']): Prices => ({
  standard: String(prices.standard),
  premium: String(prices.premium),
  vip: String(prices.vip),
})

const offerOf = ({ price, amount_off, percent_off, is_sold }: PriceCard['ticket_types'][number]): Offer => {
  if (is_sold === false) return { ...NO_OFFER, way: 'not_sold' }
  if (price !== undefined) return { ...NO_OFFER, way: 'price', prices: typed(price) }
  if (amount_off !== undefined) return { ...NO_OFFER, way: 'amount_off', amount: String(amount_off) }
  return { ...NO_OFFER, way: 'percent_off', amount: String(percent_off ?? '') }
}

export const valuesOf = (card: PriceCard): CardValues => ({
  ...card,
  weekdays: [...card.weekdays],
  formats: [...card.formats],
  valid_to: card.valid_to ?? '',
  prices: typed(card.prices),
  offers: Object.fromEntries(card.ticket_types.map((offer) => [offer.ticket_type, offerOf(offer)])),
})

const pricesOf = ({ standard, premium, vip }: Prices) => ({
  standard: numberOf(standard),
  premium: numberOf(premium),
  vip: numberOf(vip),
})

/** Nothing is said of a type that costs what it usually does. */
const saidOf: Record<Way, (offer: Offer) => Partial<PriceCard['ticket_types'][number]> | undefined> = {
  usual: () => undefined,
  price: ({ prices }) => ({ price: pricesOf(prices) }),
  amount_off: ({ amount }) => ({ amount_off: numberOf(amount) }),
  percent_off: ({ amount }) => ({ percent_off: numberOf(amount) }),
  not_sold: () => ({ is_sold: false }),
}

const offersOf = (offers: CardValues['offers']): PriceCard['ticket_types'] =>
  Object.entries(offers).flatMap(([ticket_type, offer]) => {
    const said = saidOf[offer.way](offer)
    return said ? [{ ticket_type, ...said }] : []
  })

/** The card as the server takes it. */
export const bodyOf = ({ offers, prices, valid_to, ...values }: CardValues): Omit<Shape<'PriceCardCreate'>, 'cinema_id'> => ({
  name: values.name.trim(),
  weekdays: values.weekdays.toSorted((a, b) => a - b),
  from_time: values.from_time,
  to_time: values.to_time,
  formats: values.formats,
  valid_from: values.valid_from,
  valid_to: valid_to === '' ? null : valid_to,
  prices: pricesOf(prices),
  ticket_types: offersOf(offers),
})
