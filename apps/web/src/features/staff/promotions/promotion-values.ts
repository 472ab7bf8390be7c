import type { Shape } from '#lib/api.ts'
import { momentAt, wallTime } from '#lib/wall-time.ts'
import { numberOf } from '../prices/card-values.ts'
import type { Kind, Promotion } from './api.ts'

type SeatType = NonNullable<Promotion['seat_types']>[number]
export const SEAT_TYPES: readonly SeatType[] = ['standard', 'premium', 'vip', 'sofa', 'wheelchair', 'companion']

/** A promotion as its form has it: numbers as they are typed, nothing chosen is no condition. */
export type PromotionValues = {
  names: Promotion['names']
  kind: Kind
  percent: string
  amount: string
  free_tickets: string
  of_tickets: string
  days_ahead: string
  codes: string
  priority: string
  starts_at: string
  ends_at: string
  first_day: string
  last_day: string
  from_time: string
  until_time: string
  weekdays: number[]
  cinemas: number[]
  films: number[]
  ticket_types: string[]
  seat_types: SeatType[]
  minimum_amount: string
  minimum_tickets: string
  limit_total: string
  limit_per_user: string
  budget: string
}

export const emptyPromotion = (cinemas: number[]): PromotionValues => ({
  names: { uk: '', ru: '', en: '' },
  kind: 'percent',
  percent: '',
  amount: '',
  free_tickets: '1',
  of_tickets: '3',
  days_ahead: '7',
  codes: '',
  priority: '100',
  starts_at: '',
  ends_at: '',
  first_day: '',
  last_day: '',
  from_time: '',
  until_time: '',
  weekdays: [],
  cinemas,
  films: [],
  ticket_types: [],
  seat_types: [],
  minimum_amount: '',
  minimum_tickets: '',
  limit_total: '',
  limit_per_user: '',
  budget: '',
})

const typed = (value: number | string | null) => (value === null ? '' : String(value))
const wall = (moment: string | null, timezone: string) => (moment === null ? '' : wallTime(moment, timezone))

export const valuesOf = (promotion: Promotion, timezone: string): PromotionValues => ({
  names: promotion.names,
  kind: promotion.kind,
  percent: typed(promotion.percent),
  amount: typed(promotion.amount),
  free_tickets: typed(promotion.free_tickets),
  of_tickets: typed(promotion.of_tickets),
  days_ahead: typed(promotion.days_ahead),
  codes: promotion.codes.join(', '),
  priority: String(promotion.priority),
  starts_at: wall(promotion.starts_at, timezone),
  ends_at: wall(promotion.ends_at, timezone),
  first_day: typed(promotion.first_day),
  last_day: typed(promotion.last_day),
  from_time: typed(promotion.from_time),
  until_time: typed(promotion.until_time),
  weekdays: promotion.weekdays ?? [],
  cinemas: promotion.cinema_ids ?? [],
  films: promotion.movie_ids ?? [],
  ticket_types: promotion.ticket_types ?? [],
  seat_types: promotion.seat_types ?? [],
  minimum_amount: typed(promotion.minimum_amount),
  minimum_tickets: typed(promotion.minimum_tickets),
  limit_total: typed(promotion.limit_total),
  limit_per_user: typed(promotion.limit_per_user),
  budget: typed(promotion.budget),
})

const numberOrNull = (text: string) => (text.trim() === '' ? null : numberOf(text))
const textOrNull = (text: string) => (text === '' ? null : text)
const someOrNull = <Value>(list: Value[]) => (list.length === 0 ? null : list)
const codesIn = (text: string) => text.split(/[\s,;]+/).filter((code) => code !== '')

/** What the kind lives on; the other kinds' numbers are none of it. */
const termsOf = (values: PromotionValues) => ({
  percent: values.kind === 'fixed' ? null : numberOf(values.percent),
  amount: values.kind === 'fixed' ? numberOf(values.amount) : null,
  free_tickets: values.kind === 'cheapest' ? numberOf(values.free_tickets) : null,
  of_tickets: values.kind === 'cheapest' ? numberOf(values.of_tickets) : null,
  days_ahead: values.kind === 'early_bird' ? numberOf(values.days_ahead) : null,
})

/** The promotion as the server takes it. */
export const bodyOf = (values: PromotionValues, timezone: string): Shape<'PromotionUpdate'> & Pick<Promotion, 'names'> => ({
  names: values.names,
  ...termsOf(values),
  codes: codesIn(values.codes),
  priority: numberOf(values.priority),
  starts_at: momentAt(values.starts_at, timezone) ?? null,
  ends_at: momentAt(values.ends_at, timezone) ?? null,
  first_day: textOrNull(values.first_day),
  last_day: textOrNull(values.last_day),
  from_time: textOrNull(values.from_time),
  until_time: textOrNull(values.until_time),
  weekdays: someOrNull(values.weekdays.toSorted((a, b) => a - b)),
  cinema_ids: someOrNull(values.cinemas),
  movie_ids: someOrNull(values.films),
  ticket_types: someOrNull(values.ticket_types),
  seat_types: someOrNull(values.seat_types),
  minimum_amount: numberOrNull(values.minimum_amount),
  minimum_tickets: numberOrNull(values.minimum_tickets),
  limit_total: numberOrNull(values.limit_total),
  limit_per_user: numberOrNull(values.limit_per_user),
  budget: numberOrNull(values.budget),
})
