import { AppError, invalid } from '#platform/errors.ts'

export const periodTurned = () => invalid('/end_date', 'The period ends before it starts.', 'statistics.period_turned')
export const periodTooLong = (days: number) =>
  invalid('/end_date', `Ask for at most ${days} days at once.`, 'statistics.period_too_long')
export const noSuchCinema = () => new AppError(404, 'statistics.no_such_cinema', 'There is no such cinema.')
export const noSuchDay = (pointer: string) => invalid(pointer, 'There is no such day.', 'statistics.no_such_day')
