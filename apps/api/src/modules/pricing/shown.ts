import { toMajor } from '#platform/money.ts'
import type { PricePreview } from './card.schemas.ts'
import { priceOrder } from './price-order.ts'
import {
  classOf,
  type PriceBook,
  priceSeat,
  seatClasses,
  type SeatClass,
  type SessionPrices,
  type SoldType,
} from './price-seat.ts'
import type { TypeOnSale } from './schemas.ts'

const isSold = ({ offer }: SoldType) => offer.kind !== 'not_sold'

const priceIn = (seat_class: SeatClass, type: SoldType, prices: SessionPrices, book: PriceBook) =>
  priceSeat(seat_class, type, prices, book)

/** What one ticket of each type costs that somebody buys alone on the web. */
export const previewOf = (prices: SessionPrices, book: PriceBook): PricePreview['tickets'] =>
  book.types.filter(isSold).flatMap((type) => {
    const classes = new Set((type.seat_types ?? seatClasses).map(classOf))
    return [...classes].map((seat_class) => {
      const line = { ...priceIn(seat_class, type, prices, book), key: '' }
      const order = priceOrder({ lines: [line], rules: { channel: 'web', cinemas: { [book.cinema_id]: book.web } } })
      return {
        ticket_type: type.code,
        seat_class,
        price: toMajor(line.price_minor),
        fees: toMajor(order.fees_minor),
        tax: toMajor(order.tax_minor),
        total: toMajor(order.total_minor),
      }
    })
  })

/** The types that a session sells, with their price of each class of seats. */
export const typesOnSale = (prices: SessionPrices, book: PriceBook): TypeOnSale[] =>
  book.types.filter(isSold).map((type) => {
    const { code: ticket_type, names, who_may_buy, needs_proof, is_default, seat_types } = type
    const [standard, premium, vip] = seatClasses.map((one) => toMajor(priceIn(one, type, prices, book).price_minor))
    const three = { standard: standard ?? 0, premium: premium ?? 0, vip: vip ?? 0 }
    return { ticket_type, names, who_may_buy, needs_proof, is_default, seat_types, prices: three }
  })

/** What is added on the web, so that a total can be shown before anything is held. */
export const chargesShown = ({ web: { fees, tax } }: PriceBook) => ({
  fees: { per_ticket: toMajor(fees.per_ticket_minor), per_order: toMajor(fees.per_order_minor) },
  tax: { mode: tax.mode, name: tax.name, percent: tax.basis_points / 100 },
})
