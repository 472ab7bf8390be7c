import fc from 'fast-check'
import { expect, test } from 'vitest'

import { priceReturn, split } from './return.rules.ts'

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
const terms = { cutoff_minutes: 30, returns_fees: true, charge_minor: 0, charge_percent: 0 }
const amount = fc.nat(100_000)
const someTerms = fc
  .record({ cutoff_minutes: fc.nat(600), returns_fees: fc.boolean(), charge_minor: fc.nat(50_000), charge_percent: fc.nat(100) })
  .map((made) => (made.charge_percent % 2 ? { ...made, charge_minor: 0 } : { ...made, charge_percent: 0 }))
const lines = fc.array(fc.record({ paid_minor: amount, terms: someTerms }), { minLength: 1, maxLength: 10 })

test('whatever is given up, no line and no order gives back more than was paid, nor less than nothing, and every cent has a place', () => {
  fc.assert(
    fc.property(lines, amount, fc.nat(20_000), amount, amount, fc.boolean(), (drawn, kept, dearer, fees, tax, isWhole) => {
      const gone = drawn.map((line, at) => ({ ...line, item_id: at + 1 }))
      const items_minor = sum(gone.map(({ paid_minor }) => paid_minor)) + kept
      const now = { items_minor, fees_minor: fees, tax_minor: tax }
      const rest = { items_minor: kept + dearer, fees_minor: Math.floor(fees / 2), tax_minor: Math.floor(tax / 3) }
      const back = priceReturn({ gone, now, rest, isWhole })
      expect(back.refund_minor).toBeGreaterThanOrEqual(0)
      expect(back.refund_minor).toBeLessThanOrEqual(items_minor - kept + fees + tax)
      for (const line of back.lines) {
        expect(line.refund_minor).toBeGreaterThanOrEqual(0)
        expect(line.refund_minor + line.charge_minor + line.lost_discount_minor).toBe(line.paid_minor)
      }
      const ofLines = sum(back.lines.map(({ refund_minor }) => refund_minor))
      expect(ofLines).toBeLessThanOrEqual(back.refund_minor)
      expect(back.refund_minor - ofLines).toBeLessThanOrEqual(back.fees_minor + back.tax_minor)
      expect(isWhole && back.charge_minor + back.lost_discount_minor > 0).toBe(false)
    }),
  )
})

test('a split gives away exactly the amount, and nobody gets a cent more than their share rounded up', () => {
  fc.assert(
    fc.property(amount, fc.array(fc.integer({ min: 1, max: 9_999 }), { minLength: 1, maxLength: 12 }), (whole, weights) => {
      const parts = split(whole, weights)
      expect(sum(parts)).toBe(whole)
      for (const [at, part] of parts.entries())
        expect(Math.abs(part - (whole * (weights[at] ?? 0)) / sum(weights))).toBeLessThan(1)
    }),
  )
})

test('who gives up one of three tickets bought for the price of two gets nothing, because the other two cost that', () => {
  const gone = [{ item_id: 1, paid_minor: 10_000, terms }]
  const now = { items_minor: 20_000, fees_minor: 0, tax_minor: 0 }
  const rest = { items_minor: 20_000, fees_minor: 0, tax_minor: 0 }
  expect(priceReturn({ gone, now, rest, isWhole: false })).toMatchObject({ lost_discount_minor: 10_000, refund_minor: 0 })
  expect(priceReturn({ gone, now, rest, isWhole: true })).toMatchObject({ lost_discount_minor: 0, refund_minor: 10_000 })
})

test('a share is kept of what was paid for a ticket, rounded to the cent, and never more than that', () => {
  const now = { items_minor: 333, fees_minor: 100, tax_minor: 0 }
  const rest = { items_minor: 0, fees_minor: 0, tax_minor: 0 }
  const back = (changed: Partial<typeof terms>) =>
    priceReturn({ gone: [{ item_id: 1, paid_minor: 333, terms: { ...terms, ...changed } }], now, rest, isWhole: false })
  expect(back({ charge_percent: 10 })).toMatchObject({ charge_minor: 33, fees_minor: 100, refund_minor: 400 })
  expect(back({ charge_minor: 5_000 })).toMatchObject({ charge_minor: 333, refund_minor: 100 })
  expect(back({ returns_fees: false })).toMatchObject({ fees_minor: 0, refund_minor: 333 })
})

test('who keeps the fee keeps the tax on it, and gives back the tax that was added to the tickets', () => {
  const gone = [{ item_id: 1, paid_minor: 10_000, terms: { ...terms, returns_fees: false } }]
  const now = { items_minor: 10_000, fees_minor: 500, tax_minor: 2_100 }
  const back = priceReturn({ gone, now, rest: { items_minor: 0, fees_minor: 0, tax_minor: 0 }, isWhole: false })
  expect(back).toMatchObject({ fees_minor: 0, tax_minor: 2_000, refund_minor: 12_000 })
})
