import { type Basket, isEarly, type PromotionLine, type Rule } from './terms.ts'

/** Why a promotion takes nothing off: what the code's owner is told. */
const reasons = [
  'inactive',
  'not_begun',
  'over',
  'other_currency',
  'other_cinema',
  'other_movie',
  'other_day',
  'other_time',
  'other_tickets',
  'other_seats',
  'not_early_enough',
  'nothing_left',
  'minimum_not_reached',
  'limit_reached',
  'limit_per_user',
  'budget_spent',
] as const
export type Reason = (typeof reasons)[number]

const MINUTES = 1440

const isOneOf = <T>(wanted: readonly T[] | null, value: T): boolean => wanted === null || wanted.includes(value)

const isOnDay = ({ first_day, last_day, weekdays }: Rule, { day, weekday }: PromotionLine): boolean =>
  (first_day === null || day >= first_day) && (last_day === null || day <= last_day) && isOneOf(weekdays, weekday)

/** From 22:00 until 02:00 goes past midnight. */
const isInTime = ({ from_minute, until_minute }: Rule, minute: number): boolean => {
  if (from_minute === null || until_minute === null) return true
  const since = (minute - from_minute + MINUTES) % MINUTES
  return since < ((until_minute - from_minute + MINUTES) % MINUTES || MINUTES)
}

type Condition = [Reason, (line: PromotionLine, rule: Rule, basket: Basket) => boolean]

const conditions: Condition[] = [
  ['other_cinema', ({ cinema_id }, { cinema_ids }) => isOneOf(cinema_ids, cinema_id)],
  ['other_movie', ({ movie_id }, { movie_ids }) => isOneOf(movie_ids, movie_id)],
  ['other_day', (line, rule) => isOnDay(rule, line)],
  ['other_time', ({ minute }, rule) => isInTime(rule, minute)],
  [
    'other_tickets',
    ({ ticket_type }, { ticket_types }) => ticket_types === null || isOneOf<string | null>(ticket_types, ticket_type),
  ],
  ['other_seats', ({ seat_type }, { seat_types }) => isOneOf<string>(seat_types, seat_type)],
  ['not_early_enough', (line, { kind, days_ahead }, { now }) => kind !== 'early_bird' || isEarly(line, now, days_ahead ?? 0)],
]

/** Why the promotion is not in force for this order as a whole. */
const whyClosed = ({ now, currency }: Basket, rule: Rule): Reason | undefined => {
  if (!rule.is_active) return 'inactive'
  if (rule.starts_at !== null && now < rule.starts_at) return 'not_begun'
  if (rule.ends_at !== null && now >= rule.ends_at) return 'over'
  return rule.currency !== null && rule.currency !== currency ? 'other_currency' : undefined
}

type Chosen = { lines: PromotionLine[]; reason: Reason | null }
const no = (reason: Reason): Chosen => ({ lines: [], reason })

/** The lines that a promotion may lower, or the first reason for which there are none. */
export const conditionsOf = (basket: Basket, rule: Rule, taken: ReadonlySet<string>): Chosen => {
  const closed = whyClosed(basket, rule)
  if (closed) return no(closed)
  let { lines } = basket
  for (const [reason, holds] of conditions) {
    lines = lines.filter((line) => holds(line, rule, basket))
    if (lines.length === 0) return no(reason)
  }
  lines = lines.filter(({ key, price_minor }) => !taken.has(key) && price_minor > 0)
  if (lines.length === 0) return no('nothing_left')
  const sum_minor = lines.reduce((sum, { price_minor }) => sum + price_minor, 0)
  if (lines.length < (rule.minimum_lines ?? 0) || sum_minor < (rule.minimum_minor ?? 0)) return no('minimum_not_reached')
  return { lines, reason: null }
}
