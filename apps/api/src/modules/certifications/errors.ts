import { AppError } from '#platform/errors.ts'

export const certificationNotFound = () => new AppError(404, 'certifications.not_found', 'There is no such certification.')
export const certificationInUse = (movies_count: number) =>
  new AppError(
    409,
    'certifications.in_use',
    `${movies_count === 1 ? 'A movie has' : `${movies_count} movies have`} this certification. Give them another with PUT /api/v1/movies/{id}, then delete it.`,
    { movies_count },
  )
export const certificationTaken = () =>
  new AppError(409, 'certifications.name_taken', 'There is already a certification of this name.')
