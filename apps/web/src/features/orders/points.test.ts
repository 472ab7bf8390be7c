import { expect, test } from 'vitest'

import type { Order } from './api.ts'
import { mostPoints } from './points.tsx'

const order = (totals: number[], points = 0) =>
  ({ points, items: totals.map((total) => ({ total, is_canceled: false })) }) as unknown as Order
const loyalty = (points: number) => ({ points, point_value: 1, cap_percent: 50 })

test('points pay no more than their part of the tickets, and no more than there are', () => {
  expect(mostPoints(order([200, 101]), loyalty(1000))).toBe(150)
  expect(mostPoints(order([200, 100]), loyalty(30))).toBe(30)
})

test('what points have paid already counts as theirs: the most stays the same', () => {
  expect(mostPoints(order([200, 100]), loyalty(500))).toBe(150)
  expect(mostPoints(order([133.33, 66.67], 100), loyalty(400))).toBe(150)
})
