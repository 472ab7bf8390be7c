import { AppError, invalid } from '#platform/errors.ts'

export const emailTaken = () => new AppError(409, 'auth.email_taken', 'There is already an account with this e-mail.')
export const usernameTaken = () => new AppError(409, 'users.username_taken', 'This username is taken.')
export const userNotFound = () => new AppError(404, 'users.not_found', 'There is no such user.')
export const lastAdmin = () => new AppError(409, 'users.last_admin', 'This is the only admin. Make somebody else one first.')
export const profileExists = () => new AppError(409, 'users.profile_exists', 'There is a profile already. Change it with PATCH.')
export const notAPicture = () => invalid('', 'This is no PNG, JPEG or WebP picture that can be drawn.', 'users.not_a_picture')
