import type { InLanguages } from '#modules/pricing/price-order.ts'

/** A seat as promotions see it. `key` names the line within its order; day and time are those of the cinema. */
export type PromotionLine = {
  key: string
  price_minor: number
  cinema_id: number
  movie_id: number
  seat_type: string
  ticket_type: string | null
  /** The business day of the session, its weekday (1 is Monday), and the minute of the clock at which it starts. */
  day: string
  weekday: number
  minute: number
  start_time: Date
  /** Per cent off for whoever buys early, from the session itself. */
  early_bird_discount: number
}
export type Basket = { now: Date; currency: string; lines: PromotionLine[] }

/** Who is known to buy. Of a sale at the counter nobody is, but by an address. */
export type KnownBuyer = { user_id: number | null; guest_id: string | null; email: string | null }

export const promotionKinds = ['percent', 'fixed', 'cheapest', 'early_bird'] as const

/** Null is no condition. Days and times are of the session, `starts_at` and `ends_at` of the sale. */
export type Rule = {
  id: number
  label: string
  /** Missing in what an order keeps of it. */
  names?: InLanguages
  kind: (typeof promotionKinds)[number]
  /** Smaller goes first, then the smaller id. */
  priority: number
  is_automatic: boolean
  is_active: boolean
  /** Hundredths of a per cent; of `cheapest` and `early_bird` too. */
  basis_points: number
  amount_minor: number | null
  /** Of each `group_lines` tickets the `free_lines` cheapest are reduced. */
  free_lines: number | null
  group_lines: number | null
  /** How long before the session an early bird buys. */
  days_ahead: number | null
  currency: string | null
  starts_at: Date | null
  ends_at: Date | null
  first_day: string | null
  last_day: string | null
  /** 1 is Monday. */
  weekdays: number[] | null
  from_minute: number | null
  until_minute: number | null
  cinema_ids: number[] | null
  movie_ids: number[] | null
  ticket_types: string[] | null
  seat_types: string[] | null
  minimum_minor: number | null
  minimum_lines: number | null
}

/** One promotion of an order and what it takes off. */
export type Use = { promotion_id: number; amount_minor: number; code: string | null }

const DAY_MS = 86_400_000

export const isEarly = ({ start_time }: PromotionLine, now: Date, days_ahead: number): boolean =>
  start_time.getTime() - now.getTime() >= days_ahead * DAY_MS
