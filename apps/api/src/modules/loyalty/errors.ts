import { AppError } from '#platform/errors.ts'

export const accountNeeded = () => new AppError(403, 'loyalty.account_needed', 'Points belong to accounts. Sign in to use yours.')
export const notEnoughPoints = (available: number) =>
  new AppError(409, 'loyalty.not_enough_points', 'You do not have so many points to spend.', { available })
export const overCap = (most: number) =>
  new AppError(409, 'loyalty.over_cap', 'Only a part of an order can be paid with points.', { max_points: most })
export const otherCurrency = () => new AppError(409, 'loyalty.other_currency', 'Points cannot be spent in this currency.')
