/** Days are the cinema's business days, written YYYY-MM-DD: a night past midnight belongs to the day it started in. */
const DAY_STARTS_AT_HOUR = 6
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const THURSDAY = 4

const dateFormats = new Map<string, Intl.DateTimeFormat>()

const dateIn = (moment: Date, timezone: string): string => {
  const format =
    dateFormats.get(timezone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' })
  dateFormats.set(timezone, format)
  return format.format(moment)
}

const hourFormats = new Map<string, Intl.DateTimeFormat>()

/** Hours on the clock of that place, as a number: 19.5 is half past seven. */
export const hourIn = (moment: Date, timezone: string): number => {
  const format =
    hourFormats.get(timezone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  hourFormats.set(timezone, format)
  const [hours = 0, minutes = 0] = format.format(moment).split(':').map(Number)
  return hours + minutes / 60
}

const atNoon = (day: string) => new Date(`${day}T12:00:00Z`)

export const isDay = (text: unknown): text is string =>
  typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(atNoon(text).getTime())

export const addDays = (day: string, count: number): string =>
  new Date(atNoon(day).getTime() + count * DAY_MS).toISOString().slice(0, 10)

/** The cinema's day of a moment, by the hands of its own clock. */
export const businessDay = (moment: Date, timezone: string): string => {
  const date = dateIn(moment, timezone)
  return hourIn(moment, timezone) < DAY_STARTS_AT_HOUR ? addDays(date, -1) : date
}

/** Monday is 1, Sunday 7. */
export const weekday = (day: string): number => atNoon(day).getUTCDay() || 7

/** The Thursday that opens the cinema week of a day. */
export const weekStart = (day: string): string => addDays(day, -((weekday(day) - THURSDAY + 7) % 7))

export const daysFrom = (day: string, count: number): string[] => Array.from({ length: count }, (_, index) => addDays(day, index))

type Hours = { opening_time: string; closing_time: string; timezone: string }

const hoursOf = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours + minutes / 60
}

/** Opening and closing may lie on two days; the same time twice means round the clock. */
export const isOpen = ({ opening_time, closing_time, timezone }: Hours, moment: Date): boolean => {
  const [opens, closes, now] = [hoursOf(opening_time), hoursOf(closing_time), hourIn(moment, timezone)]
  if (opens === closes) return true
  return opens < closes ? now >= opens && now < closes : now >= opens || now < closes
}
