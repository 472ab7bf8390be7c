import { AppError, tryAgainLater } from '#platform/errors.ts'

export const directorNotFound = () => new AppError(404, 'people.director_not_found', 'There is no such director.')
export const starNotFound = () => new AppError(404, 'people.star_not_found', 'There is no such star.')
export const nameTaken = () => new AppError(409, 'people.name_taken', 'There is already a person of this name.')
export const personInUse = (movies_count: number) =>
  new AppError(
    409,
    'people.in_use',
    `${movies_count === 1 ? 'A movie names' : `${movies_count} movies name`} this person. Change them with PUT /api/v1/movies/{id}, then delete the person.`,
    { movies_count },
  )
export const changedMeanwhile = () =>
  tryAgainLater('people.changed_meanwhile', 'Somebody else was changing the same people. Try again.', 1)
