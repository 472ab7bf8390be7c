import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type LoyaltyTerms, mostPoints, pointsFor, readTier, reversalOf, tierOf } from './rules.ts'

const terms: LoyaltyTerms = {
  tiers: ['basic:0:3', 'silver:5000:5.5', 'gold:20000:8'].map(readTier),
  point_minor: 100,
  cap_basis_points: 5_000,
}
const [basic, silver, gold] = terms.tiers

test('R-310 whoever has spent more in a year is in a higher tier and earns more', () => {
  expect(tierOf(terms, 0)).toEqual({ tier: basic, next: silver })
  expect(tierOf(terms, 500_000)).toEqual({ tier: silver, next: gold })
  expect(tierOf(terms, 9_999_999)).toEqual({ tier: gold, next: null })
  expect(tierOf(terms, -100)).toMatchObject({ tier: basic })
  if (!basic || !silver) throw new Error('no tiers')
  expect(pointsFor(terms, basic, 36_000)).toBe(10)
  expect(pointsFor(terms, silver, 36_000)).toBe(19)
})

test('R-310 half of an order at most is paid with points', () => {
  expect(mostPoints(terms, 36_099)).toBe(180)
  expect(mostPoints({ ...terms, cap_basis_points: 0 }, 36_099)).toBe(0)
})

test('R-125 a whole refund takes back what was earned and gives back what was spent', () => {
  const spent = { earned: 10, reversed: 0, redeemed: 40, returned: 0 }
  expect(reversalOf(spent, { part_minor: 0, whole_minor: 100 }, 10, terms)).toEqual({
    reversed: 10,
    returned: 40,
    deduct_minor: 0,
  })
  expect(reversalOf({ ...spent, redeemed: 0 }, { part_minor: 0, whole_minor: 100 }, 4, terms)).toEqual({
    reversed: 4,
    returned: 0,
    deduct_minor: 600,
  })
  expect(reversalOf(spent, { part_minor: 50, whole_minor: 100 }, 10, terms)).toEqual({
    reversed: 5,
    returned: 20,
    deduct_minor: 0,
  })
})

test('R-125 an order given back piece by piece ends where one given back at once does', () => {
  const amount = fc.nat({ max: 1_000_000 })
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 10 }),
      (earned, redeemed, lines) => {
        const whole_minor = lines.reduce((sum, line) => sum + line, 0)
        const spent = { earned, reversed: 0, redeemed, returned: 0 }
        let part_minor = whole_minor
        let balance = earned
        for (const line of lines) {
          part_minor -= line
          const { reversed, returned, deduct_minor } = reversalOf(spent, { part_minor, whole_minor }, balance, terms)
          expect(deduct_minor).toBe(0)
          spent.reversed += reversed
          spent.returned += returned
          balance += returned - reversed
          expect(balance).toBeGreaterThanOrEqual(0)
        }
        expect(spent).toEqual({ earned, reversed: earned, redeemed, returned: redeemed })
      },
    ),
  )
})
