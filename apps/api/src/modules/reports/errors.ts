import { AppError, invalid } from '#platform/errors.ts'

export const reportNotFound = () => new AppError(404, 'reports.not_found', 'There is no such report.')
export const notReady = () => new AppError(409, 'reports.not_ready', 'The report is still being made.')
export const reportFailed = (error: string) => new AppError(409, 'reports.failed', error)
export const noSuchCinema = () => invalid('/cinema_id', 'There is no such cinema.', 'reports.no_such_cinema')
export const noSuchDay = (pointer: string) => invalid(pointer, 'There are no sessions on such a day.', 'reports.no_such_day')
export const periodTurned = () => invalid('/to', 'The period ends before it starts.', 'reports.period_turned')
export const periodTooLong = (days: number) => invalid('/to', `A report covers at most ${days} days.`, 'reports.period_too_long')
