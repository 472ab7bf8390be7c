/** Why a promotion takes nothing off what is in an order, as the API names it. */
export const ORDER_REASONS = [
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
] as const
