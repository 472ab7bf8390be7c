import fc from 'fast-check'
import { expect, test } from 'vitest'

import { remainsOf, reversalOf } from '#modules/loyalty/rules.ts'
import type { LoyaltyService } from '#modules/loyalty/service.ts'
import { lineKey, type OrderRules, priceOrder } from '#modules/pricing/price-order.ts'
import { judge, type PromotionLine, type Rule, snapshotOf } from '#modules/promotions/rules.ts'
import type { Return } from './return.rules.ts'
import type { ReturnTicket } from './return.statement.ts'
import { createReturning, type Returnable } from './returning.ts'

const NOW = new Date('2026-05-01T12:00:00Z')
const EARLY = { days_ahead: 7 }
const TERMS = { tiers: [], point_minor: 100, cap_basis_points: 0 }
const returning = createReturning({
  loyalty: { terms: TERMS } as unknown as LoyaltyService,
  rules: { CANCEL_CUTOFF_MINUTES: 30 },
})
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

const ANY: Omit<Rule, 'id' | 'kind' | 'basis_points'> = {
  label: '',
  priority: 100,
  is_automatic: true,
  is_active: true,
  amount_minor: null,
  free_lines: null,
  group_lines: null,
  days_ahead: null,
  currency: 'UAH',
  starts_at: null,
  ends_at: null,
  first_day: null,
  last_day: null,
  weekdays: null,
  from_minute: null,
  until_minute: null,
  cinema_ids: null,
  movie_ids: null,
  ticket_types: null,
  seat_types: null,
  minimum_minor: null,
  minimum_lines: null,
}
const basis_points = fc.integer({ min: 1, max: 10_000 })
const condition = { minimum_lines: fc.option(fc.integer({ min: 2, max: 5 })), minimum_minor: fc.option(fc.nat(90_000)) }
const promotion = fc.oneof(
  fc.record({ kind: fc.constant('percent' as const), basis_points, priority: fc.nat(9), ...condition }),
  fc.record({ kind: fc.constant('fixed' as const), basis_points: fc.constant(0), amount_minor: fc.nat(60_000), ...condition }),
  fc
    .record({ kind: fc.constant('cheapest' as const), basis_points, group_lines: fc.integer({ min: 2, max: 4 }), ...condition })
    .map((rule) => ({ ...rule, free_lines: 1 })),
)
const orderRules = fc.record({
  fees: fc.record({ per_ticket_minor: fc.nat(2_000), per_order_minor: fc.nat(5_000) }),
  tax: fc.record({ mode: fc.constantFrom('none', 'included', 'added'), name: fc.constant('VAT'), basis_points: fc.nat(2_500) }),
  rounding: fc.constant({ mode: 'half_up' as const, step_minor: 1 }),
})
const bought = fc.record({
  prices: fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 7 }),
  early: fc.constantFrom(0, 15),
  promotions: fc.array(promotion, { maxLength: 3 }),
  cinema: orderRules,
  returns_fees: fc.boolean(),
  charges: fc.array(fc.nat(60), { minLength: 7, maxLength: 7 }),
  points: fc.option(fc.record({ percent: fc.nat(10), available: fc.nat(60) })),
})
type Bought = typeof bought extends fc.Arbitrary<infer T> ? T : never

const lineOf = (price_minor: number, seat_id: number, early_bird_discount: number): PromotionLine => ({
  key: lineKey({ session_id: 1, seat_id }),
  price_minor,
  cinema_id: 1,
  movie_id: 1,
  seat_type: 'standard',
  ticket_type: null,
  day: '2026-05-12',
  weekday: 2,
  minute: 1200,
  start_time: new Date('2026-05-12T17:00:00Z'),
  early_bird_discount,
})

/** An order that was paid, as the database would tell it. */
const buy = ({ prices, early, promotions, cinema, returns_fees, charges, points }: Bought) => {
  const lines = prices.map((price, at) => lineOf(price, at + 1, early))
  const rules = promotions.map((rule, at): Rule => ({ ...ANY, ...rule, id: at + 1 }))
  const basket = { now: NOW, currency: 'UAH', lines }
  const { discounts, verdicts } = judge(basket, rules, EARLY)
  const used = verdicts.filter(({ lines: taken }) => taken.length > 0)
  const pricing: OrderRules = { channel: 'web', cinemas: { 1: cinema } }
  const priced = priceOrder({ lines: lines.map((line) => ({ ...line, trace: [] })), rules: pricing, discounts })
  const tickets = priced.lines.map(({ price_minor, discount_minor, total_minor }, at): ReturnTicket => {
    const kept = { cutoff_minutes: 30, returns_fees, charge_minor: 0, charge_percent: charges[at] ?? 0 }
    const seat = { ticket_id: at + 1, item_id: at + 1, session_id: 1, cinema_id: 1, seat_id: at + 1, ticket_type: 'adult' }
    const money = { price_minor, discount_minor, total_minor, room_minor: total_minor }
    return { ...seat, ...money, status: 'paid', until: null, is_late: false, terms: kept }
  })
  const { fees_minor, tax_minor, total_minor } = priced
  const spent = points && { earned: Math.floor((total_minor * points.percent) / 100 / TERMS.point_minor), redeemed: 0 }
  const promoted = used.length > 0 || early > 0 ? snapshotOf(basket, rules, used, EARLY) : null
  const order: Returnable = {
    id: 1,
    status: 'paid',
    currency: 'UAH',
    pricing,
    promotions: promoted,
    lost_minor: 0,
    fees_minor,
    tax_minor,
    tickets,
    points: spent
      ? { ...spent, available: points.available, user_id: 1, reversed: 0, returned: 0, counted_minor: total_minor }
      : undefined,
  }
  return { order, total_minor }
}

/** What the database tells after these tickets were given back. */
const after = ({ points, ...order }: Returnable, gone: number[], { lines, credits, ...back }: Return): Returnable => {
  const given = Map.groupBy([...lines, ...credits], ({ item_id }) => item_id)
  const tickets = order.tickets.map((ticket): ReturnTicket => {
    const refunded = sum((given.get(ticket.item_id) ?? []).map(({ refund_minor }) => refund_minor))
    const status = gone.includes(ticket.ticket_id) ? 'cancelled' : ticket.status
    return { ...ticket, status, room_minor: ticket.room_minor - refunded }
  })
  const remains = remainsOf(tickets, tickets.filter(({ status }) => status === 'paid')) // prettier-ignore
  const reversed = points ? reversalOf(points, remains, points.available, TERMS).reversed : 0
  return {
    ...order,
    tickets,
    lost_minor: order.lost_minor + back.lost_discount_minor,
    fees_minor: order.fees_minor - back.fees_minor - back.kept_fees_minor,
    tax_minor: order.tax_minor - back.tax_minor - back.kept_tax_minor,
    points: points && { ...points, reversed: points.reversed + reversed, available: points.available - reversed },
  }
}

const giveBack = (order: Returnable, ids: number[]) => {
  const back = returning.price(order, returning.choose(order, ids), { isWhole: false })
  return { back, order: after(order, ids, back) }
}

test('R-123 tickets given back one after the other bring what they bring at once, whatever promotions they shared', () => {
  const seen = { credited: 0, pointsKept: 0, feesKept: 0 }
  const kept = ({ charge_minor, kept_fees_minor, kept_tax_minor }: Return) => charge_minor + kept_fees_minor + kept_tax_minor
  fc.assert(
    fc.property(bought, fc.array(fc.nat()), (drawn, draws) => {
      const { order: paid, total_minor } = buy(drawn)
      const turns = paid.tickets
        .map(({ ticket_id }, at) => ({ ticket_id, by: draws[at] ?? 0 }))
        .toSorted((a, b) => a.by - b.by || a.ticket_id - b.ticket_id)
      const whole = giveBack(paid, turns.map(({ ticket_id }) => ticket_id)).back // prettier-ignore
      let order = paid
      const parts = turns.map(({ ticket_id }) => {
        const step = giveBack(order, [ticket_id])
        order = step.order
        const ofItems = sum([...step.back.lines, ...step.back.credits].map(({ refund_minor }) => refund_minor))
        expect(ofItems).toBeLessThanOrEqual(step.back.refund_minor)
        expect(step.back.refund_minor).toBeGreaterThanOrEqual(0)
        expect(order.lost_minor).toBeGreaterThanOrEqual(0)
        for (const { room_minor } of order.tickets) expect(room_minor).toBeGreaterThanOrEqual(0)
        seen.credited += step.back.lost_discount_minor < 0 ? 1 : 0
        return step.back
      })
      const refunded = sum(parts.map(({ refund_minor }) => refund_minor))
      expect(refunded).toBeLessThanOrEqual(total_minor)
      // A point that the last ticket is not worth cannot be kept of it; with it go those that kept fees and charges had brought.
      const withLast = 1 + Math.ceil((sum(parts.map(kept)) * (drawn.points?.percent ?? 0)) / 100 / TERMS.point_minor)
      const missed = refunded + sum(parts.map(kept)) - whole.refund_minor - kept(whole)
      expect(missed).toBeGreaterThanOrEqual(0)
      expect(missed).toBeLessThanOrEqual(order.points ? TERMS.point_minor * withLast : 0)
      expect(order).toMatchObject({ fees_minor: 0, tax_minor: 0, lost_minor: whole.lost_discount_minor - missed })
      seen.pointsKept += whole.lost_discount_minor > 0 ? 1 : 0
      seen.feesKept += whole.kept_fees_minor > 0 ? 1 : 0
      expect(refunded + sum(parts.map(kept)) + order.lost_minor).toBe(total_minor)
    }),
    { numRuns: 2_000 },
  )
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
})
