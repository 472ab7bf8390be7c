import type { OrderRules } from '#modules/pricing/price-order.ts'
import { toMajor } from '#platform/money.ts'
import { type Returned, type SoldItem, taxOfNote } from './note.rules.ts'
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
  /** Of a refund: what its order has sold, and what of it has gone back up to this refund. */
  sold: SoldItem[]
  returned: Returned[]
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

/** The tax that the amount contains: its share of that of the order, or that of what goes back. */
export const taxesOf = (facts: PaperFacts): Receipt['taxes'] => {
  const { pricing, total_minor, tax_minor, before_minor, sold, returned } = facts
  if (!pricing) return []
  const note = before_minor === null ? taxOfNote({ pricing, total_minor, tax_minor, sold, returned }) : undefined
  const rules = Object.entries(pricing.cinemas)
    .filter(([id, { tax }]) => tax.mode !== 'none' && (note?.cinema_ids.includes(Number(id)) ?? true))
    .map(([, { tax }]) => tax)
  const [first] = rules
  if (!first) return []
  const isOneRate = rules.every(({ basis_points }) => basis_points === first.basis_points)
  const minor = note?.tax_minor ?? shareOfPayment(facts, before_minor ?? 0)
  return [{ name: first.name, percent: isOneRate ? first.basis_points / 100 : null, amount: toMajor(minor) }]
}
