import fc from 'fast-check'
import { expect, test } from 'vitest'

import { shareRefund } from './rules.ts'

const amounts = fc.array(fc.nat(100_000), { maxLength: 8 })
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

test('a refund gives back exactly what its items cost, and no payment more than it has left', () => {
  fc.assert(
    fc.property(amounts, amounts, fc.nat(50_000), (costs, first, extra) => {
      const payments = [...first, Math.max(sum(costs) - sum(first), 0) + extra].map((left_minor, index) => ({
        id: index + 1,
        left_minor,
      }))
      const items = costs.map((total_minor, index) => ({ id: index + 1, total_minor }))
      const shares = shareRefund(items, payments)
      for (const [payment, parts] of shares)
        expect(sum(parts.map(({ amount_minor }) => amount_minor))).toBeLessThanOrEqual(payments[payment - 1]?.left_minor ?? 0)
      for (const { id, total_minor } of items)
        expect(
          sum(
            [...shares.values()]
              .flat()
              .filter((part) => part.order_item_id === id)
              .map(({ amount_minor }) => amount_minor),
          ),
        ).toBe(total_minor)
      expect([...shares.values()].flat().every(({ amount_minor }) => amount_minor > 0)).toBe(true)
    }),
  )
})

test('more than was captured is never given back', () => {
  expect(() => shareRefund([{ id: 1, total_minor: 101 }], [{ id: 1, left_minor: 100 }])).toThrow('more is owed')
})
