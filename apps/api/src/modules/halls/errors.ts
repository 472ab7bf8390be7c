import { AppError } from '#platform/errors.ts'

export const hallNotFound = () => new AppError(404, 'halls.not_found', 'There is no such hall.')
export const hallNumberTaken = () => new AppError(409, 'halls.number_taken', 'This cinema already has a hall of this number.')
