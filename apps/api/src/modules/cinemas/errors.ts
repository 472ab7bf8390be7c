import { AppError } from '#platform/errors.ts'

export const cinemaNotFound = () => new AppError(404, 'cinemas.not_found', 'There is no such cinema.')
export const cinemaNameTaken = () => new AppError(409, 'cinemas.name_taken', 'There is already a cinema of this name.')
