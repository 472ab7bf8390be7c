import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type OrderInput, type OrderLine, priceOrder, type TraceEntry } from './price-order.ts'
import { classOf, priceSeat, priceTrace, type Offer, type PriceBook, type SoldType } from './price-seat.ts'
import { roundings } from './rounding.ts'

const cents = fc.integer({ min: 0, max: 50_000 })
const minorOf = (trace: TraceEntry[]) => trace.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0)

const rounding = fc.record({ mode: fc.constantFrom(...roundings), step_minor: fc.constantFrom(1, 5, 10, 50, 100) })
const cinemaRules = fc.record({
  fees: fc.record({ per_ticket_minor: cents, per_order_minor: cents }),
  tax: fc.record({
    mode: fc.constantFrom('none' as const, 'included' as const, 'added' as const),
    name: fc.constant('VAT'),
    basis_points: fc.integer({ min: 0, max: 10_000 }),
  }),
  rounding,
})
const offer = fc.oneof(
  fc.record({ kind: fc.constant('price' as const), standard_minor: cents, premium_minor: cents, vip_minor: cents }),
  fc.record({ kind: fc.constant('amount_off' as const), amount_minor: cents }),
  fc.record({ kind: fc.constant('percent_off' as const), basis_points: fc.integer({ min: 0, max: 10_000 }) }),
)
const seatType = fc.constantFrom('standard', 'premium', 'vip', 'wheelchair', 'companion', 'sofa')
const prices = fc.record({ base_price_minor: cents, premium_price_minor: cents, vip_price_minor: cents })

const typeOf = (made: Offer): SoldType => ({
  code: 'child',
  names: { uk: 'Дитячий', ru: 'Детский', en: 'Child' },
  who_may_buy: { uk: 'Діти', ru: 'Дети', en: 'Children' },
  needs_proof: false,
  is_default: false,
  seat_types: null,
  offer: made,
})
const books = fc
  .record({ type: offer.map(typeOf), rules: cinemaRules, hasCard: fc.boolean() })
  .map(({ type, rules, hasCard }): PriceBook => {
    const card = hasCard ? { id: 7, name: 'Evenings' } : null
    return { cinema_id: 1, card, types: [type], web: rules, counter: rules }
  })

const line = fc.record({ price_minor: cents, cinema_id: fc.integer({ min: 1, max: 3 }) })
const orders = fc
  .record({
    lines: fc.array(line, { maxLength: 10 }),
    cuts: fc.array(fc.record({ line: fc.integer({ min: 0, max: 9 }), amount_minor: cents }), { maxLength: 20 }),
    points: fc.option(cents, { nil: undefined }),
    rules: fc.record({ 1: cinemaRules, 2: cinemaRules }),
    channel: fc.constantFrom('web' as const, 'counter' as const),
  })
  .map((made): OrderInput => ({
    lines: made.lines.map(({ price_minor, cinema_id }, index): OrderLine => ({
      key: `1:${index}`,
      cinema_id,
      price_minor,
      trace: [{ source: 'session.base_price', label: 'Standard seat', amount: price_minor / 100 }],
    })),
    rules: { channel: made.channel, cinemas: made.rules },
    discounts: made.cuts.map((cut) => ({ ...cut, line: `1:${cut.line}`, source: 'promotion.1', label: 'Tuesday' })),
    ...(made.points !== undefined && { points: { amount_minor: made.points, source: 'loyalty.points', label: 'Points' } }),
  }))

describe('an order', () => {
  test('costs the sum of its parts, and each cent has its origin (R-099)', () => {
    fc.assert(
      fc.property(orders, (input) => {
        const order = priceOrder(input)
        const lines = order.lines.reduce((total, { total_minor }) => total + total_minor, 0)
        expect(order.total_minor).toBe(lines + order.fees_minor + order.tax_minor)
        expect(order.total_minor).toBe(order.subtotal_minor - order.discount_minor + order.fees_minor + order.tax_minor)
        expect(minorOf(order.trace)).toBe(order.fees_minor + order.tax_minor)
        for (const priced of order.lines) {
          expect(minorOf(priced.trace)).toBe(priced.total_minor)
          expect(priced.total_minor).toBe(priced.price_minor - priced.discount_minor)
        }
      }),
    )
  })

  test('never costs less than nothing, in any of its parts', () => {
    fc.assert(
      fc.property(orders, (input) => {
        const { lines, trace: _, ...totals } = priceOrder(input)
        const amounts = [...Object.values(totals), ...lines.flatMap((priced) => [priced.discount_minor, priced.total_minor])]
        expect(amounts.every((amount) => Number.isSafeInteger(amount) && amount >= 0)).toBe(true)
        expect(totals.tax_included_minor).toBeLessThanOrEqual(totals.total_minor)
      }),
    )
  })

  test('costs the same in whatever order its lines stand, and so does each of them', () => {
    fc.assert(
      fc.property(orders, fc.infiniteStream(fc.nat()), (input, draws) => {
        const shuffled = input.lines
          .map((one) => ({ one, at: draws.next().value }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ one }) => one)
        const byKey = (priced: { key: string }[]) => priced.toSorted((a, b) => (a.key < b.key ? -1 : 1))
        const [first, second] = [priceOrder(input), priceOrder({ ...input, lines: shuffled })]
        expect({ ...second, lines: byKey(second.lines) }).toEqual({ ...first, lines: byKey(first.lines) })
      }),
    )
  })

  test('spends points to the cent, never more than its seats cost', () => {
    fc.assert(
      fc.property(orders, fc.integer({ min: 0, max: 1_000_000 }), (input, amount_minor) => {
        const { points: _, ...without } = input
        const before = priceOrder(without)
        const after = priceOrder({ ...without, points: { amount_minor, source: 'loyalty.points', label: 'Points' } })
        const seats_minor = before.subtotal_minor - before.discount_minor
        expect(after.discount_minor - before.discount_minor).toBe(Math.min(amount_minor, seats_minor))
        expect(after.fees_minor).toBe(before.fees_minor)
      }),
    )
  })

  test('of two cinemas pays the fee of each, and its tax on what is its own', () => {
    const rules = (per_order_minor: number, basis_points: number) => ({
      fees: { per_ticket_minor: 100, per_order_minor },
      tax: { mode: 'added' as const, name: 'VAT', basis_points },
      rounding: { mode: 'half_even' as const, step_minor: 1 },
    })
    const lines = [1, 1, 2].map((cinema_id, index) => ({ key: `${index}`, cinema_id, price_minor: 1000, trace: [] }))
    const order = priceOrder({ lines, rules: { channel: 'web', cinemas: { 1: rules(50, 2000), 2: rules(0, 550) } } })
    // 20 % of 22.50, and 5.5 % of 11.00, which is 60.5 cents and goes to the even one.
    expect(order).toMatchObject({ subtotal_minor: 3000, fees_minor: 350, tax_minor: 450 + 60, total_minor: 3860 })
  })

  test('says which part of it is a tax that is in it already', () => {
    const rules = {
      fees: { per_ticket_minor: 0, per_order_minor: 0 },
      tax: { mode: 'included' as const, name: 'VAT', basis_points: 2000 },
      rounding: { mode: 'half_up' as const, step_minor: 1 },
    }
    const order = priceOrder({
      lines: [{ key: 'a', cinema_id: 1, price_minor: 12_000, trace: [] }],
      rules: { channel: 'web', cinemas: { 1: rules } },
    })
    expect(order).toMatchObject({ total_minor: 12_000, tax_minor: 0, tax_included_minor: 2000 })
  })
})

describe('a seat', () => {
  test('has a price whose trace adds up to it, and begins what its line has later', () => {
    fc.assert(
      fc.property(books, seatType, prices, cents, (priced, seat, three, off) => {
        const [type] = priced.types as [SoldType]
        const { price_minor, trace } = priceSeat(seat, type, three, priced)
        expect(minorOf(trace)).toBe(price_minor)
        expect(price_minor).toBeGreaterThanOrEqual(0)
        const taken = Math.min(off, price_minor)
        const later = taken === 0 ? trace : [...trace, { source: 'promotion.1', label: 'Tuesday', amount: -taken / 100 }]
        expect(priceTrace(later, price_minor)).toEqual(trace)
      }),
    )
  })

  test('never costs more for a reduction, however it is rounded', () => {
    fc.assert(
      fc.property(books, seatType, prices, (priced, seat, three) => {
        const [type] = priced.types as [SoldType]
        fc.pre(type.offer.kind !== 'price')
        const full = { standard: three.base_price_minor, premium: three.premium_price_minor, vip: three.vip_price_minor }
        expect(priceSeat(seat, type, three, priced).price_minor).toBeLessThanOrEqual(full[classOf(seat)])
      }),
    )
  })

  test.for([
    ['half_up', 1, 12_950],
    ['half_up', 100, 13_000],
    ['half_even', 100, 13_000],
    ['down', 100, 12_900],
    ['up', 1000, 13_000],
  ] as const)('of 185.00 less thirty per cent, rounded %s to steps of %i, costs %i', ([mode, step_minor, costs]) => {
    const type = typeOf({ kind: 'percent_off', basis_points: 3000 })
    const rules = {
      fees: { per_ticket_minor: 0, per_order_minor: 0 },
      tax: { mode: 'none' as const, name: 'VAT', basis_points: 0 },
      rounding: { mode, step_minor },
    }
    const three = { base_price_minor: 18_500, premium_price_minor: 0, vip_price_minor: 0 }
    const book = { cinema_id: 1, card: null, web: rules }
    expect(priceSeat('standard', type, three, book).price_minor).toBe(costs)
  })
})
