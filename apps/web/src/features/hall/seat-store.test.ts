import { expect, test, vi } from 'vitest'

import { judge, type SeatMessage } from './live.ts'
import { createSeatStore } from './seat-store.ts'

const none = new Set<number>()

test('a change in the hall is told to the seat that changed and to no other', () => {
  const store = createSeatStore()
  store.replace([
    [1, 'free'],
    [2, 'free'],
  ])
  const [first, second] = [vi.fn<() => void>(), vi.fn<() => void>()]
  store.subscribe(1)(first)
  store.subscribe(2)(second)
  store.apply([[2, 'held']])
  expect(first).not.toHaveBeenCalled()
  expect(second).toHaveBeenCalledOnce()
  expect(store.look(2)).toBe('held')
})

test('a snapshot that says nothing new draws nothing', () => {
  const store = createSeatStore()
  store.replace([[1, 'sold']])
  const watcher = vi.fn<() => void>()
  store.watch(watcher)
  store.replace([[1, 'sold']])
  expect(watcher).not.toHaveBeenCalled()
})

test('my own seat stays mine whatever the map calls it', () => {
  const store = createSeatStore()
  store.mark({ mine: none, marking: new Set([1]), leaving: none })
  expect(store.look(1)).toBe('marking')
  store.apply([[1, 'held']])
  store.mark({ mine: new Set([1]), marking: none, leaving: none })
  expect(store.look(1)).toBe('mine')
  store.mark({ mine: none, marking: none, leaving: none })
  expect(store.look(1)).toBe('held')
})

test('Tab reaches one seat, and moving it redraws two', () => {
  const store = createSeatStore()
  const [a, b] = [vi.fn<() => void>(), vi.fn<() => void>()]
  store.moveTo(1)
  store.subscribe(1)(a)
  store.subscribe(2)(b)
  store.moveTo(2)
  expect([store.snapshot(1), store.snapshot(2)]).toEqual(['free', 'free:tab'])
  expect(a).toHaveBeenCalledOnce()
  expect(b).toHaveBeenCalledOnce()
})

test('a gap in the versions asks for a fresh snapshot, an old change is dropped', () => {
  const delta = (version: number): SeatMessage => ({ type: 'delta', version, seats: [] })
  expect(judge(null, { type: 'snapshot', version: 7, server_time: '', seats: [] })).toBe('replace')
  expect(judge(7, delta(8))).toBe('apply')
  expect(judge(7, delta(7))).toBe('drop')
  expect(judge(7, delta(9))).toBe('gap')
  expect(judge(null, delta(1))).toBe('gap')
})
