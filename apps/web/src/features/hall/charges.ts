import type { AvailableSeats, Order } from './types.ts'

type Charges = AvailableSeats['charges']
type Held = Pick<Order, 'subtotal' | 'discount' | 'fees'>

/** Sums of prices without the dust of binary fractions. */
const toCents = (amount: number) => Math.round(amount * 100) / 100

export type Sum = { added: number; tax: number; total: number }

/** What an order costs once these seats have joined it, with all that is added to them. The server has the last word. */
export const sumWith = ({ fees, tax }: Charges, held: Held | null | undefined, prices: number[]): Sum => {
  const seats = prices.reduce((sum, price) => sum + price, held ? held.subtotal - held.discount : 0)
  const charged = (held ? held.fees : fees.per_order) + fees.per_ticket * prices.length
  const taxed = tax.mode === 'added' ? toCents(((seats + charged) * tax.percent) / 100) : 0
  return { added: toCents(charged + taxed), tax: taxed, total: toCents(seats + charged + taxed) }
}
