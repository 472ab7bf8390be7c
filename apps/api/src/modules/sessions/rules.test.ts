import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'

import { businessDay, isOpen, type OpeningHours, readMoment } from './rules.ts'

const KYIV = 'Europe/Kyiv'
const at = (text: string, timezone = KYIV) =>
  new Date(Temporal.PlainDateTime.from(text).toZonedDateTime(timezone).epochMilliseconds)
const hours = (opening_time: string, closing_time: string, timezone = KYIV): OpeningHours => ({
  opening_time,
  closing_time,
  timezone,
})
const open = (start: string, end: string, when: OpeningHours) =>
  isOpen({ start: at(start, when.timezone), end: at(end, when.timezone) }, when)

test('a night belongs to the day it started in, until six', () => {
  expect(businessDay(at('2026-03-14T19:00'), KYIV)).toBe('2026-03-14')
  expect(businessDay(at('2026-03-15T00:30'), KYIV)).toBe('2026-03-14')
  expect(businessDay(at('2026-03-15T05:59:59'), KYIV)).toBe('2026-03-14')
  expect(businessDay(at('2026-03-15T06:00'), KYIV)).toBe('2026-03-15')
  expect(businessDay(at('2027-01-01T01:00'), KYIV)).toBe('2026-12-31')
})

test('the day is the cinema’s own, wherever the server stands', () => {
  const moment = new Date('2026-07-01T03:30:00Z')
  expect(businessDay(moment, KYIV)).toBe('2026-07-01')
  expect(businessDay(moment, 'America/New_York')).toBe('2026-06-30')
  expect(businessDay(moment, 'Pacific/Kiritimati')).toBe('2026-07-01')
  expect(businessDay(moment, 'Asia/Kathmandu')).toBe('2026-07-01')
})

// Kyiv goes to summer time on 29 March 2026, 03:00 → 04:00, and back on 25 October, 04:00 → 03:00.
test('a day is told by the hands of the clock, also in the nights when they are moved', () => {
  expect(businessDay(at('2026-03-29T05:59'), KYIV)).toBe('2026-03-28')
  expect(businessDay(at('2026-03-29T06:00'), KYIV)).toBe('2026-03-29')
  expect(businessDay(at('2026-10-25T05:59'), KYIV)).toBe('2026-10-24')
  expect(businessDay(at('2026-10-25T06:00'), KYIV)).toBe('2026-10-25')
})

test('every moment has the day that its clock showed six hours before', () => {
  const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(moments, fc.constantFrom(KYIV, 'America/St_Johns', 'Australia/Lord_Howe', 'UTC'), (moment, timezone) => {
      const clock = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' })
        .format(moment)
        .replace(' ', 'T')
      const shifted = new Date(new Date(`${clock}Z`).getTime() - 6 * 3_600_000)
      expect(businessDay(moment, timezone)).toBe(shifted.toISOString().slice(0, 10))
    }),
  )
})

test('a session fits between opening and closing, to the minute', () => {
  const day = hours('10:00', '23:00')
  expect(open('2026-05-05T10:00', '2026-05-05T12:00', day)).toBe(true)
  expect(open('2026-05-05T21:00', '2026-05-05T23:00', day)).toBe(true)
  expect(open('2026-05-05T09:59', '2026-05-05T12:00', day)).toBe(false)
  expect(open('2026-05-05T21:01', '2026-05-05T23:01', day)).toBe(false)
  expect(open('2026-05-05T22:00', '2026-05-06T11:00', day)).toBe(false)
})

test('a cinema may close after midnight', () => {
  const night = hours('10:00', '02:30')
  expect(open('2026-05-05T23:30', '2026-05-06T02:30', night)).toBe(true)
  expect(open('2026-05-06T00:15', '2026-05-06T02:15', night)).toBe(true)
  expect(open('2026-05-06T00:31', '2026-05-06T02:31', night)).toBe(false)
  expect(open('2026-05-06T02:30', '2026-05-06T04:00', night)).toBe(false)
  expect(open('2026-05-06T09:30', '2026-05-06T11:30', night)).toBe(false)
  expect(open('2026-05-05T22:00', '2026-05-06T00:00', hours('09:00', '00:00'))).toBe(true)
  expect(open('2026-05-05T22:00', '2026-05-06T00:01', hours('09:00', '00:00'))).toBe(false)
})

test('a cinema that opens before six is open then', () => {
  const early = hours('05:00', '22:00')
  expect(open('2026-05-05T05:30', '2026-05-05T07:30', early)).toBe(true)
  expect(open('2026-05-05T04:59', '2026-05-05T07:30', early)).toBe(false)
})

test('a cinema whose opening is its closing never closes', () => {
  const always = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(always, fc.integer({ min: 1, max: 30 * 60 }), (start, minutes) => {
      expect(isOpen({ start, end: new Date(start.getTime() + minutes * 60_000) }, hours('00:00', '00:00'))).toBe(true)
      expect(isOpen({ start, end: new Date(start.getTime() + minutes * 60_000) }, hours('08:00', '08:00'))).toBe(true)
    }),
  )
})

test('in spring the night is an hour shorter', () => {
  const night = hours('10:00', '04:30')
  const start = at('2026-03-28T23:30')
  const after = (minutes: number) => ({ start, end: new Date(start.getTime() + minutes * 60_000) })
  expect(isOpen(after(4 * 60), night)).toBe(true)
  expect(isOpen(after(4 * 60 + 1), night)).toBe(false)
})

test('in autumn the night is an hour longer, and an hour that is shown twice closes at its second end', () => {
  const start = at('2026-10-24T23:30')
  const after = (minutes: number) => ({ start, end: new Date(start.getTime() + minutes * 60_000) })
  expect(isOpen(after(6 * 60), hours('10:00', '04:30'))).toBe(true)
  expect(isOpen(after(6 * 60 + 1), hours('10:00', '04:30'))).toBe(false)
  expect(isOpen(after(5 * 60), hours('10:00', '03:30'))).toBe(true)
  expect(isOpen(after(5 * 60 + 1), hours('10:00', '03:30'))).toBe(false)
})

test('an opening that the clock skips is when the skipped hour has passed', () => {
  const early = hours('03:30', '23:00')
  const moment = (text: string) => new Date(text)
  expect(isOpen({ start: moment('2026-03-29T01:30:00Z'), end: moment('2026-03-29T03:00:00Z') }, early)).toBe(true)
  expect(isOpen({ start: moment('2026-03-29T01:29:00Z'), end: moment('2026-03-29T03:00:00Z') }, early)).toBe(false)
})

test('moments that are none, or that no calendar of ours reaches, are refused', () => {
  expect(readMoment('2026-05-05T10:00:00+03:00', '/start_time')).toEqual(new Date('2026-05-05T07:00:00Z'))
  for (const text of ['2026-12-31T23:59:60Z', '9999-12-31T23:59:59-12:00', '0001-01-01T00:00:00Z'])
    expect(() => readMoment(text, '/start_time')).toThrow('not a moment')
})
