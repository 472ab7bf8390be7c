import { AppError, invalid } from '#platform/errors.ts'

export const cinemaNotFound = () => new AppError(404, 'cinemas.not_found', 'There is no such cinema.')
export const cinemaNameTaken = () =>
  new AppError(409, 'cinemas.name_taken', 'There is a cinema of this name in use. Take another name, or close that cinema first.')
export const unknownTimezone = () =>
  invalid('/timezone', 'This is not the name of an IANA time zone.', 'cinemas.unknown_timezone')

type Ahead = { total: number; session_ids: number[] }

export const cinemaHasSessions = ({ total, session_ids }: Ahead, advice: string) =>
  new AppError(
    409,
    'cinemas.has_sessions',
    `${total === 1 ? 'A session of this cinema is' : `${total} sessions of this cinema are`} to come or under way. ${advice}`,
    { sessions_count: total, session_ids },
  )
