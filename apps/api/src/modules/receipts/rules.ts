import { containedIn, type OrderRules } from '#modules/pricing/price-order.ts'
import { toMajor } from '#platform/money.ts'
import type { Receipt } from './schemas.ts'

/** What a payment or a refund was for. Amounts in minor units. */
export type PaperFacts = {
  order_id: number
  currency: string
  amount_minor: number
  /** Of the whole order. */
  total_minor: number
  tax_minor: number
  /** Of a payment: what others have paid of the order before it. Null of a refund. */
  before_minor: number | null
  pricing: OrderRules | null
  items: { title: string; booking_reference: string | null; price_minor: number; discount_minor: number; amount_minor: number }[]
}

const TICKET = 'ticket' as const
const FEES = { kind: 'fees' as const, title: '', booking_reference: null, discount: 0 }

/** Tickets first; what is left beside them are fees and added tax. */
export const linesOf = ({ items, amount_minor }: PaperFacts): Receipt['lines'] => {
  const rest = items.reduce((left, item) => left - item.amount_minor, amount_minor)
  const lines = items
    .filter((item) => item.amount_minor > 0 || items.length === 1)
    .map(({ title, booking_reference, price_minor, discount_minor, amount_minor: amount }) => ({
      kind: TICKET,
      title,
      booking_reference,
      price: toMajor(price_minor),
      discount: toMajor(discount_minor),
      amount: toMajor(amount),
    }))
  return rest > 0 ? [...lines, { ...FEES, price: toMajor(rest), amount: toMajor(rest) }] : lines
}

/** Payments share the tax of their order, so that together they contain it to the cent. */
const shareOfPayment = ({ amount_minor, total_minor, tax_minor }: PaperFacts, before_minor: number): number => {
  const upTo = (paid_minor: number) => Math.round((tax_minor * paid_minor) / total_minor)
  return upTo(before_minor + amount_minor) - upTo(before_minor)
}

/** The tax that the amount contains: its share of that of the order, or of what goes back its share by the rate. */
export const taxesOf = (facts: PaperFacts): Receipt['taxes'] => {
  const { pricing, amount_minor, total_minor, before_minor, tax_minor } = facts
  const rules = Object.values(pricing?.cinemas ?? {}).filter(({ tax }) => tax.mode !== 'none')
  const [first] = rules
  if (!first) return []
  const isWhole = amount_minor === total_minor
  const isOneRate = rules.every(({ tax }) => tax.basis_points === first.tax.basis_points)
  if (!isOneRate && !isWhole) return []
  const byRate = () => containedIn(amount_minor, first.tax.basis_points, first.rounding.mode)
  const ofPart = () => (before_minor === null ? byRate() : shareOfPayment(facts, before_minor))
  const minor = isWhole ? tax_minor : ofPart()
  return [{ name: first.tax.name, percent: isOneRate ? first.tax.basis_points / 100 : null, amount: toMajor(minor) }]
}
