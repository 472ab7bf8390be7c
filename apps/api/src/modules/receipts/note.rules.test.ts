import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type CinemaRules, type OrderRules, priceOrder } from '#modules/pricing/price-order.ts'
import { type Returned, type SoldItem, taxOfNote } from './note.rules.ts'

const cinemaRules: fc.Arbitrary<CinemaRules> = fc.record({
  fees: fc.record({ per_ticket_minor: fc.integer({ min: 0, max: 999 }), per_order_minor: fc.integer({ min: 0, max: 999 }) }),
  tax: fc.record({
    mode: fc.constantFrom('none' as const, 'included' as const, 'added' as const),
    name: fc.constant('VAT'),
    basis_points: fc.integer({ min: 1, max: 2500 }),
  }),
  rounding: fc.record({
    mode: fc.constantFrom('half_up' as const, 'half_even' as const, 'up' as const, 'down' as const),
    step_minor: fc.constant(1),
  }),
})
const ticket = fc.record({
  cinema_id: fc.integer({ min: 1, max: 3 }),
  total_minor: fc.integer({ min: 0, max: 50_000 }),
  /** The return that gives it back. */
  cancellation_id: fc.integer({ min: 1, max: 4 }),
})
/** Two payments, of which the second gives back so much of each return at most. */
const made = fc.record({
  rules: fc.array(cinemaRules, { minLength: 3, maxLength: 3 }),
  tickets: fc.array(ticket, { minLength: 1, maxLength: 8 }),
  most_minor: fc.integer({ min: 1, max: 60_000 }),
})

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
const priced = (pricing: OrderRules, items: SoldItem[]) =>
  priceOrder({
    rules: pricing,
    lines: items.map(({ id, cinema_id, total_minor }) => ({ key: `${id}`, cinema_id, price_minor: total_minor, trace: [] })),
  })

/** What one return gives back, out of two payments: items first, then what is beside them. */
const refundsOf = (pricing: OrderRules, sold: SoldItem[], id: number, most_minor: number): Returned[] => {
  const standing = sold.filter(({ cancellation_id }) => (cancellation_id ?? 0) >= id)
  const rest = standing.filter(({ cancellation_id }) => cancellation_id !== id)
  const amount_minor = priced(pricing, standing).total_minor - priced(pricing, rest).total_minor
  let left = Math.min(most_minor, amount_minor)
  const gone = standing
    .filter(({ cancellation_id }) => cancellation_id === id)
    .map((item) => {
      const first = Math.min(left, item.total_minor)
      left -= first
      return { id: item.id, first, second: item.total_minor - first }
    })
  const [first, second] = [Math.min(most_minor, amount_minor), amount_minor - Math.min(most_minor, amount_minor)]
  const why = { cancellation_id: id, returns_fees: true }
  return [
    { ...why, amount_minor: first, items: gone.map((item) => ({ id: item.id, amount_minor: item.first })) },
    { ...why, amount_minor: second, items: gone.map((item) => ({ id: item.id, amount_minor: item.second })) },
  ].filter((refund) => refund.amount_minor > 0)
}

const notesOf = ({ rules, tickets, most_minor }: typeof made extends fc.Arbitrary<infer T> ? T : never) => {
  const pricing: OrderRules = { channel: 'web', cinemas: Object.fromEntries(rules.map((its, at) => [at + 1, its])) }
  const sold = tickets.map((one, at): SoldItem => ({ ...one, id: at + 1, ticket_id: at + 1 }))
  const { total_minor, tax_minor, tax_included_minor } = priced(pricing, sold)
  const order = { pricing, total_minor, tax_minor: tax_minor + tax_included_minor, sold }
  const returned = [1, 2, 3, 4].flatMap((id) => refundsOf(pricing, sold, id, most_minor))
  const notes = returned.map((refund, at) => ({ refund, ...taxOfNote({ ...order, returned: returned.slice(0, at + 1) }) }))
  return { order, notes }
}

test('the notes over an order contain its tax to the cent, whatever went back together and out of which payment', () => {
  fc.assert(
    fc.property(made, (wish) => {
      const { order, notes } = notesOf(wish)
      expect(sum(notes.map(({ refund }) => refund.amount_minor))).toBe(order.total_minor)
      expect(sum(notes.map(({ tax_minor }) => tax_minor))).toBe(notes.length === 0 ? 0 : order.tax_minor)
    }),
  )
})

test('a return of one cinema has no tax but that of this cinema, by its rate', () => {
  fc.assert(
    fc.property(made, (wish) => {
      const { order, notes } = notesOf({ ...wish, most_minor: Number.MAX_SAFE_INTEGER })
      for (const { refund, tax_minor, cinema_ids } of notes) {
        const gone = order.sold.filter(({ cancellation_id }) => cancellation_id === refund.cancellation_id)
        const [cinema, ...others] = [...new Set(gone.map(({ cinema_id }) => cinema_id))]
        if (cinema === undefined || others.length > 0) continue
        const { mode, basis_points } = order.pricing.cinemas[cinema]?.tax ?? { mode: 'none', basis_points: 0 }
        const exact = mode === 'none' ? 0 : (refund.amount_minor * basis_points) / (10_000 + basis_points)
        expect(cinema_ids).toEqual([cinema])
        expect(Math.abs(tax_minor - exact)).toBeLessThan(mode === 'none' ? 0.5 : 2)
      }
    }),
  )
})

test('the difference for a lesser seat has the tax of its cinema; money for nothing in particular that of the whole', () => {
  const tax = { mode: 'added' as const, name: 'VAT', basis_points: 2_000 }
  const [fees, rounding] = [
    { per_ticket_minor: 100, per_order_minor: 0 },
    { mode: 'half_up' as const, step_minor: 1 },
  ]
  const none = { ...tax, mode: 'none' as const }
  const pricing: OrderRules = { channel: 'web', cinemas: { 1: { fees, rounding, tax }, 2: { fees, rounding, tax: none } } }
  const of = { cancellation_id: null, total_minor: 10_000 }
  const sold: SoldItem[] = [
    { ...of, id: 1, ticket_id: 1, cinema_id: 1 },
    { ...of, id: 2, ticket_id: 2, cinema_id: 2 },
    { id: 3, ticket_id: null, cinema_id: 1, total_minor: 5_000, cancellation_id: 7 },
  ]
  const order = { pricing, sold, total_minor: 25_000 + 200 + 3_020, tax_minor: 3_020 }
  const lesser = { cancellation_id: 7, returns_fees: false, amount_minor: 6_000, items: [{ id: 3, amount_minor: 5_000 }] }
  expect(taxOfNote({ ...order, returned: [lesser] })).toEqual({ tax_minor: 1_000, cinema_ids: [1] })
  const goodwill = { cancellation_id: null, returns_fees: true, amount_minor: 500, items: [] }
  expect(taxOfNote({ ...order, returned: [goodwill] })).toEqual({ tax_minor: 50, cinema_ids: expect.arrayContaining([1, 2]) })
})
