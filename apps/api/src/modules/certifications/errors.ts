import { AppError } from '#platform/errors.ts'

export const certificationNotFound = () => new AppError(404, 'certifications.not_found', 'There is no such certification.')
export const certificationTaken = () =>
  new AppError(409, 'certifications.name_taken', 'There is already a certification of this name.')
