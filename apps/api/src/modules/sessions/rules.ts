import { Temporal } from 'temporal-polyfill'

import { invalid } from '#platform/errors.ts'

/** A night past midnight belongs to the day it started in: days change at six in the morning. */
const DAY_STARTS_AT_HOUR = 6

const LAST_YEAR = 9000

/** The moment a text names; the calendar's edges, which no database can pad, are refused. */
export const readMoment = (text: string, pointer: string): Date => {
  const moment = new Date(text)
  const year = moment.getUTCFullYear()
  if (!(year >= 1970 && year <= LAST_YEAR))
    throw invalid(pointer, 'This is not a moment that a cinema can be open.', 'request.format')
  return moment
}

const onClock = (moment: Date, timezone: string) =>
  Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timezone)

/** The cinema's day of a moment, by the hands of its own clock. */
export const businessDay = (moment: Date, timezone: string): string =>
  onClock(moment, timezone).toPlainDateTime().subtract({ hours: DAY_STARTS_AT_HOUR }).toPlainDate().toString()

/** HH:MM on the cinema's clock. */
export const wallTime = (moment: Date, timezone: string): string =>
  onClock(moment, timezone).toPlainTime().toString({ smallestUnit: 'minute' })

export type OpeningHours = { opening_time: string; closing_time: string; timezone: string }
type Span = { start: Date; end: Date }

/** From the first time the clock shows the opening to the last time it shows the closing, should it be set back between. */
const openSpan = (day: Temporal.PlainDate, { opening_time, closing_time, timezone }: OpeningHours) => {
  const closingDay = closing_time <= opening_time ? day.add({ days: 1 }) : day
  const opens = day.toZonedDateTime({ timeZone: timezone, plainTime: opening_time })
  const closes = closingDay
    .toPlainDateTime(Temporal.PlainTime.from(closing_time))
    .toZonedDateTime(timezone, { disambiguation: 'later' })
  return { opens: opens.epochMilliseconds, closes: closes.epochMilliseconds }
}

/** Whether the cinema is open all the while. It closes on the next day when that is not after the opening; the same is never. */
export const isOpen = ({ start, end }: Span, hours: OpeningHours): boolean => {
  if (hours.opening_time === hours.closing_time) return true
  const today = onClock(start, hours.timezone).toPlainDate()
  return [today, today.subtract({ days: 1 })].some((day) => {
    const { opens, closes } = openSpan(day, hours)
    return opens <= start.getTime() && end.getTime() <= closes
  })
}
