import { expect, test } from 'vitest'

import { nearestFree } from './nearest.ts'
import { PITCH, pairOf, planHall } from './plan.ts'
import { seatAfter } from './roving.ts'
import type { HallSeat } from './types.ts'
import { bounded, fitScale, maxScale, revealing, seatPixels, tapZooms, zoomedAt } from './view.ts'

const seat = (id: number, seat_row: string, seat_number: number, more: Partial<HallSeat> = {}): HallSeat => ({
  id,
  seat_row,
  seat_number,
  seat_type: 'standard',
  x: seat_number,
  y: Number(seat_row) + 5,
  rotation: 0,
  pair_id: null,
  price: 200,
  ...more,
})

/** Three rows; the second has an aisle after its second seat, the third is short. */
const seats = [
  ...[1, 2, 3, 4, 5].map((n) => seat(n, '1', n)),
  ...[1, 2, 3, 4].map((n) => seat(10 + n, '2', n, { x: n > 2 ? n + 1.3 : n })),
  ...[1, 2].map((n) => seat(20 + n, '3', n, { x: n + 2, seat_type: 'sofa', pair_id: 1 })),
]
const plan = planHall(seats, { screen: { x: 1, y: 0, width: 4 } })
const at = (id: number) => {
  const found = plan.seats.get(id)
  if (!found) throw new Error(`There is no seat ${id}.`)
  return found
}
const after = (id: number, key: string, ctrl = false) => seatAfter(plan, at(id), key, ctrl)?.id

test('a hall is drawn from the screen back, each row from left to right, with labels on both sides', () => {
  expect(plan.rows.map(({ label, seats: row }) => [label, row.map(({ id }) => id)])).toEqual([
    ['1', [1, 2, 3, 4, 5]],
    ['2', [11, 12, 13, 14]],
    ['3', [21, 22]],
  ])
  const [first] = plan.rows
  expect(first?.left.x).toBeLessThan(at(1).cx - PITCH / 2)
  expect(first?.right.x).toBeGreaterThan(at(5).cx + PITCH / 2)
  expect(first?.right.x).toBeLessThan(plan.width)
})

test('an aisle is the room that the seats leave', () => {
  expect(at(13).cx - at(12).cx).toBeCloseTo(2.3 * PITCH)
})

test('the screen stands above the first row, however deep the stage is', () => {
  expect(plan.screen.left.y).toBeLessThan(at(1).cy - PITCH / 2)
  expect(at(1).cy - plan.screen.middle.y).toBeLessThan(4 * PITCH)
})

test('no two seats overlap', () => {
  const all = [...plan.seats.values()]
  const touching = all.flatMap((a) =>
    all
      .filter((b) => a.id < b.id && Math.abs(a.cx - b.cx) < PITCH * 0.9 && Math.abs(a.cy - b.cy) < PITCH * 0.9)
      .map((b) => [a.id, b.id]),
  )
  expect(touching).toEqual([])
})

test('a sofa is both its halves, another seat is itself', () => {
  expect(pairOf(plan, at(21)).map(({ id }) => id)).toEqual([21, 22])
  expect(pairOf(plan, at(3)).map(({ id }) => id)).toEqual([3])
})

test('arrows walk along a row and stop at its ends', () => {
  expect(after(2, 'ArrowRight')).toBe(3)
  expect(after(12, 'ArrowRight')).toBe(13)
  expect(after(5, 'ArrowRight')).toBe(5)
  expect(after(1, 'ArrowLeft')).toBe(1)
})

test('going up or down leads to the seat in front or behind', () => {
  expect(after(4, 'ArrowDown')).toBe(13)
  expect(after(13, 'ArrowUp')).toBe(4)
  expect(after(1, 'ArrowUp')).toBe(1)
  expect(after(22, 'ArrowDown')).toBe(22)
})

test('Home and End lead to the ends of the row, with Ctrl to the ends of the hall, Page to far rows', () => {
  expect(after(3, 'Home')).toBe(1)
  expect(after(3, 'End')).toBe(5)
  expect(after(13, 'Home', true)).toBe(1)
  expect(after(13, 'End', true)).toBe(22)
  expect(after(3, 'PageDown')).toBe(21)
  expect(after(21, 'PageUp')).toBe(3)
})

test('other keys lead nowhere', () => {
  expect(after(3, 'a')).toBeUndefined()
})

test('a phone shows the whole hall, and a tap on a seat that is too small zooms instead', () => {
  const wide = { width: 30 * PITCH, height: 20 * PITCH }
  const phone = { width: 390, height: 560 }
  const fit = fitScale(wide, phone)
  expect(wide.width * fit).toBeLessThanOrEqual(phone.width)
  expect(tapZooms(fit)).toBe(true)
  const view = zoomedAt({ x: 300, y: 200 }, { x: 0, y: 0, scale: fit }, wide, phone)
  expect(tapZooms(view.scale)).toBe(false)
  expect(seatPixels(view.scale)).toBeGreaterThanOrEqual(24)
  const tapped = (300 / fit) * view.scale + view.x
  expect(tapped).toBeGreaterThanOrEqual(0)
  expect(tapped).toBeLessThanOrEqual(phone.width)
  expect(maxScale(fit)).toBeGreaterThan(view.scale)
})

test('the hall never leaves the frame', () => {
  const hall = { width: 1000, height: 800 }
  const frame = { width: 400, height: 400 }
  expect(bounded({ x: 50, y: -900, scale: 1 }, hall, frame)).toEqual({ x: 0, y: -400, scale: 1 })
  expect(bounded({ x: 50, y: 0, scale: 0.2 }, hall, frame)).toMatchObject({ x: 100 })
})

test('a seat in view does not move the hall, one outside moves it no further than needed', () => {
  const hall = { width: 1000, height: 800 }
  const frame = { width: 400, height: 400 }
  const view = { x: 0, y: 0, scale: 1 }
  expect(revealing({ cx: 200, cy: 200 }, view, hall, frame)).toBe(view)
  expect(revealing({ cx: 500, cy: 200 }, view, hall, frame)).toEqual({ x: -140, y: 0, scale: 1 })
})

test('the nearest equivalent of a lost seat is of its kind and beside it', () => {
  const taken = new Set([3, 4])
  const status = (id: number) => (taken.has(id) ? 'held' : 'free')
  expect(nearestFree(plan, at(3), status)?.id).toBe(2)
  expect(nearestFree(plan, at(3), status, new Set([2, 1, 5]))?.seat_type).toBe('standard')
  expect(nearestFree(plan, at(3), () => 'sold')).toBeUndefined()
})
