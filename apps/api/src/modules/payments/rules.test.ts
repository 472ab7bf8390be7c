import fc from 'fast-check'
import { expect, test } from 'vitest'

import { shareRefund } from './rules.ts'

const amounts = fc.array(fc.nat(100_000), { maxLength: 8 })
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

test('a refund gives back exactly what is owed, and no payment more than it has left', () => {
  fc.assert(
    fc.property(amounts, fc.nat(5_000), amounts, fc.nat(50_000), (costs, fees_minor, first, extra) => {
      const left = [...first, Math.max(sum(costs) + fees_minor - sum(first), 0) + extra]
      const payments = left.map((left_minor, index) => ({ id: index + 1, left_minor }))
      const items = costs.map((amount_minor, index) => ({ order_item_id: index + 1, amount_minor }))
      const shares = shareRefund({ items, fees_minor }, payments)
      for (const share of shares) {
        expect(share.amount_minor).toBeGreaterThan(0)
        expect(share.amount_minor).toBeLessThanOrEqual(left[share.payment_id - 1] ?? 0)
        expect(sum(share.parts.map(({ amount_minor }) => amount_minor)) + share.fees_minor).toBe(share.amount_minor)
      }
      for (const { order_item_id, amount_minor } of items) {
        const parts = shares.flatMap((share) => share.parts).filter((part) => part.order_item_id === order_item_id)
        expect(sum(parts.map((part) => part.amount_minor))).toBe(amount_minor)
      }
      expect(sum(shares.map((share) => share.fees_minor))).toBe(fees_minor)
    }),
  )
})

test('the newest payment gives back first', () => {
  const payments = [
    { id: 3, left_minor: 50 },
    { id: 4, left_minor: 100 },
  ]
  const shares = shareRefund({ items: [{ order_item_id: 1, amount_minor: 120 }], fees_minor: 10 }, payments)
  expect(shares).toMatchObject([
    { payment_id: 4, amount_minor: 100, fees_minor: 0 },
    { payment_id: 3, amount_minor: 30, fees_minor: 10 },
  ])
})

test('more than was captured is never given back', () => {
  const items = [{ order_item_id: 1, amount_minor: 101 }]
  expect(() => shareRefund({ items, fees_minor: 0 }, [{ id: 1, left_minor: 100 }])).toThrow('more is owed')
})
