import { AppError, invalid } from '#platform/errors.ts'

export const movieNotFound = () => new AppError(404, 'movies.not_found', 'There is no such movie.')
export const movieDuplicate = () =>
  new AppError(409, 'movies.duplicate', 'There is already a movie of this title, year and length.')
export const unknownGenre = (pointer: string, slug: string) =>
  invalid(pointer, `There is no genre with the slug ${slug}.`, 'movies.unknown_genre')
export const unknownCertification = (pointer: string) =>
  invalid(pointer, 'There is no such certification.', 'movies.unknown_certification')
export const saidTwice = (one: string, other: string) =>
  invalid(`/${one}`, `Give ${one} or ${other}, not both.`, 'movies.said_twice')
export const nameTooLong = (pointer: string) => invalid(pointer, 'A name has at most 200 characters.', 'movies.name_too_long')
export const ratingTooPrecise = () => invalid('/imdb_rating', 'A rating has at most one decimal.', 'movies.rating_too_precise')
