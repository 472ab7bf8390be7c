import { expect, test } from 'vitest'

import { addDays, businessDay, isOpen, weekStart } from './days.ts'

const KYIV = 'Europe/Kyiv'

test('a night past midnight belongs to the day it started in, until six', () => {
  expect(businessDay(new Date('2026-11-21T22:30:00Z'), KYIV)).toBe('2026-11-21')
  expect(businessDay(new Date('2026-11-22T03:59:00Z'), KYIV)).toBe('2026-11-21')
  expect(businessDay(new Date('2026-11-22T04:00:00Z'), KYIV)).toBe('2026-11-22')
})

test('the day is that of the cinema, not of the visitor', () => {
  const moment = new Date('2026-11-21T20:00:00Z')
  expect(businessDay(moment, 'Pacific/Auckland')).toBe('2026-11-22')
  expect(businessDay(moment, 'America/New_York')).toBe('2026-11-21')
})

test('the cinema week begins on Thursday', () => {
  expect(weekStart('2026-11-21')).toBe('2026-11-19')
  expect(weekStart('2026-11-19')).toBe('2026-11-19')
  expect(weekStart('2026-11-25')).toBe('2026-11-19')
  expect(weekStart('2026-11-26')).toBe('2026-11-26')
})

test('days follow each other over the end of a year and a change of clocks', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2026-10-25', 1)).toBe('2026-10-26')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
})

test('a cinema that closes after midnight is open after midnight; one that never closes always is', () => {
  const late = { opening_time: '09:30', closing_time: '01:00', timezone: KYIV }
  expect(isOpen(late, new Date('2026-11-21T22:30:00Z'))).toBe(true)
  expect(isOpen(late, new Date('2026-11-21T23:00:00Z'))).toBe(false)
  expect(isOpen(late, new Date('2026-11-22T07:30:00Z'))).toBe(true)
  expect(isOpen({ ...late, opening_time: '00:00', closing_time: '00:00' }, new Date('2026-11-22T02:00:00Z'))).toBe(true)
})
