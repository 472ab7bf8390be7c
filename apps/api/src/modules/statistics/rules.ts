import { Temporal } from 'temporal-polyfill'

import { noSuchDay, periodTooLong, periodTurned } from './errors.ts'

const USUAL_DAYS = 30
const MOST_DAYS = 366
const FIRST_YEAR = 1970
const LAST_YEAR = 9000

type Wish = { start_date?: string; end_date?: string }
export type Period = { from: string; to: string }

const readDay = (text: string, pointer: string): Temporal.PlainDate => {
  try {
    const day = Temporal.PlainDate.from(text)
    if (day.year >= FIRST_YEAR && day.year <= LAST_YEAR) return day
  } catch {
    // Said below, with the field.
  }
  throw noSuchDay(pointer)
}

/** Both ends are included. Without a start the thirty days up to the end; without an end up to today, or to a later start. */
export const periodOf = ({ start_date, end_date }: Wish, today: string): Period => {
  const start = start_date === undefined ? undefined : readDay(start_date, '/start_date')
  const now = Temporal.PlainDate.from(today)
  const latest = start && Temporal.PlainDate.compare(start, now) > 0 ? start : now
  const to = end_date === undefined ? latest : readDay(end_date, '/end_date')
  const from = start ?? to.subtract({ days: USUAL_DAYS - 1 })
  const days = from.until(to).days + 1
  if (days < 1) throw periodTurned()
  if (days > MOST_DAYS) throw periodTooLong(MOST_DAYS)
  return { from: from.toString(), to: to.toString() }
}
