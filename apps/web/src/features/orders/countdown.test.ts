import { expect, test } from 'vitest'

import { announcement, asClock, clockOffset, secondsLeft, urgencyOf } from './countdown.ts'

const now = Date.parse('2030-01-15T10:00:00Z')

test('the time left is the server’s, however wrong the phone’s clock is', () => {
  const phone = now - 3_600_000
  const offset = clockOffset('2030-01-15T10:00:00Z', phone)
  expect(secondsLeft('2030-01-15T10:10:00Z', phone, offset)).toBe(600)
  expect(secondsLeft('2030-01-15T10:10:00Z', phone + 599_500, offset)).toBe(1)
  expect(secondsLeft('2030-01-15T10:10:00Z', phone + 700_000, offset)).toBe(0)
})

test('the clock reads like a clock', () => {
  expect([600, 65, 59, 0].map(asClock)).toEqual(['10:00', '1:05', '0:59', '0:00'])
})

test('five minutes and one minute are announced once each, and nothing else', () => {
  const said: number[] = []
  for (let left = 600; left > 0; left--) {
    const minutes = announcement(left, left - 1)
    if (minutes) said.push(minutes)
  }
  expect(said).toEqual([5, 1])
})

test('a tab that slept through a mark does not announce it late', () => {
  expect(announcement(400, 200)).toBeUndefined()
  expect(announcement(310, 290)).toBe(5)
})

test('more time is offered before the last minute', () => {
  expect([600, 180, 60, 0].map(urgencyOf)).toEqual(['calm', 'offer', 'hurry', 'over'])
})
