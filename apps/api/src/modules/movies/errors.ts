import { AppError, invalid } from '#platform/errors.ts'

export const movieNotFound = () => new AppError(404, 'movies.not_found', 'There is no such movie.')
export const movieDuplicate = () =>
  new AppError(409, 'movies.duplicate', 'There is already a movie of this title, year and length.')
type Ahead = { total: number; session_ids: number[] }

export const movieHasSessions = ({ total, session_ids }: Ahead, then = 'delete the movie') =>
  new AppError(
    409,
    'movies.has_sessions',
    `${total === 1 ? 'A session of this movie is' : `${total} sessions of this movie are`} to come or under way. Cancel them first, or wait until they are over; then ${then}.`,
    { sessions_count: total, session_ids },
  )
export const movieBought = (buyers_count: number) =>
  new AppError(
    409,
    'movies.bought',
    'Somebody has bought this movie and may go on watching it. Take it off sale with PUT and is_active false instead.',
    { buyers_count },
  )
export const unknownGenre = (pointer: string, slug: string) =>
  invalid(pointer, `There is no genre with the slug ${slug}.`, 'movies.unknown_genre')
export const unknownCertification = (pointer: string) =>
  invalid(pointer, 'There is no such certification.', 'movies.unknown_certification')
export const saidTwice = (one: string, other: string) =>
  invalid(`/${one}`, `Give ${one} or ${other}, not both.`, 'movies.said_twice')
export const nameTooLong = (pointer: string) => invalid(pointer, 'A name has at most 200 characters.', 'movies.name_too_long')
export const ratingTooPrecise = () => invalid('/imdb_rating', 'A rating has at most one decimal.', 'movies.rating_too_precise')
export const movieInactive = () => new AppError(409, 'movies.inactive', 'This movie is not shown any more.')
