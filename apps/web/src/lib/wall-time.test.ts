import { expect, test } from 'vitest'

import { momentAt, wallTime } from './wall-time.ts'

const KYIV = 'Europe/Kyiv'

test('the clock of a cinema is read and set back to the same moment, in summer and in winter', () => {
  expect(wallTime('2030-01-18T18:00:00.000Z', KYIV)).toBe('2030-01-18T20:00')
  expect(wallTime('2030-07-18T17:00:00.000Z', KYIV)).toBe('2030-07-18T20:00')
  for (const moment of ['2030-01-18T18:00:00.000Z', '2030-07-18T17:00:00.000Z', '2030-03-31T00:30:00.000Z'])
    expect(momentAt(wallTime(moment, KYIV), KYIV)).toBe(moment)
})

test('on the day when the clocks change, the hours before and after are what the wall shows', () => {
  expect(momentAt('2030-03-31T02:30', KYIV)).toBe('2030-03-31T00:30:00.000Z')
  expect(momentAt('2030-03-31T04:30', KYIV)).toBe('2030-03-31T01:30:00.000Z')
})

test('what is no time is no moment', () => {
  expect(momentAt('', KYIV)).toBe(undefined)
})
