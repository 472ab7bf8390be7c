import { AppError, invalid } from '#platform/errors.ts'
import type { Reason } from './conditions.ts'

export const promotionNotFound = () => new AppError(404, 'promotions.not_found', 'There is no such promotion.')
export const codeTaken = (code: string) =>
  new AppError(409, 'promotions.code_taken', `The code ${code} belongs to another promotion. Choose another.`, {
    promo_code: code,
  })
export const limitBelowUses = (uses: number) =>
  new AppError(409, 'promotions.limit_below_uses', 'More is in use already than this would allow.', { uses })
export const noSuchCinema = (pointer = '/cinema_ids') => invalid(pointer, 'There is no such cinema.', 'promotions.unknown_cinema')
export const badPromotion = (pointer: string, detail: string) => invalid(pointer, detail, 'promotions.inconsistent')
export const unknownCode = () => invalid('/promo_code', 'There is no such promo code.', 'promotions.unknown_code')
export const putCode = () =>
  invalid('/promo_code', 'An order that is there gets its code by PUT /orders/{id}/promo-code.', 'promotions.put_code')
export const emailRequired = () =>
  invalid('/email', 'This code is limited per person: say to which e-mail the tickets go.', 'promotions.email_required')
export const tooManyTries = (retry_after: number) =>
  new AppError(429, 'promotions.too_many_tries', 'Too many codes that there are not. Wait before you try another.', {
    retry_after,
  })

/** A known code that takes nothing off this order, and why. */
export const doesNotApply = {
  inactive: () => new AppError(409, 'promotions.inactive', 'This promotion has been stopped.'),
  not_begun: () => new AppError(409, 'promotions.not_begun', 'This promotion has not begun yet.'),
  over: () => new AppError(409, 'promotions.over', 'This promotion is over.'),
  other_currency: () => new AppError(409, 'promotions.other_currency', 'This promotion is in another currency.'),
  other_cinema: () => new AppError(409, 'promotions.other_cinema', 'This promotion is for other cinemas.'),
  other_movie: () => new AppError(409, 'promotions.other_movie', 'This promotion is for other films.'),
  other_day: () => new AppError(409, 'promotions.other_day', 'This promotion is for other days.'),
  other_time: () => new AppError(409, 'promotions.other_time', 'This promotion is for other times of the day.'),
  other_tickets: () => new AppError(409, 'promotions.other_tickets', 'This promotion is for other kinds of tickets.'),
  other_seats: () => new AppError(409, 'promotions.other_seats', 'This promotion is for other seats.'),
  not_early_enough: () =>
    new AppError(409, 'promotions.not_early_enough', 'This promotion is for those who buy longer before the session.'),
  nothing_left: () => new AppError(409, 'promotions.nothing_left', 'Other discounts take all of these tickets already.'),
  minimum_not_reached: () => new AppError(409, 'promotions.minimum_not_reached', 'The order is too small for this promotion.'),
  limit_reached: () => new AppError(409, 'promotions.limit_reached', 'This promotion has been used as often as it may be.'),
  limit_per_user: () => new AppError(409, 'promotions.limit_per_user', 'You have used this promotion as often as you may.'),
  budget_spent: () => new AppError(409, 'promotions.budget_spent', 'What there was to give in this promotion has been given.'),
} satisfies Record<Reason, () => AppError>

/** A promotion that has nothing left to give; whoever catches it can do without that one. */
export const usedUp = ({ status, code, message, data }: AppError, promotion_id: number) =>
  new AppError(status, code, message, { ...data, promotion_id })
/** Which promotion this error says is used up; undefined when it says something else. */
export const usedUpOf = (error: unknown): number | undefined =>
  error instanceof AppError && error.code.startsWith('promotions.')
    ? (error.data['promotion_id'] as number | undefined)
    : undefined
