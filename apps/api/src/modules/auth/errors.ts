import { AppError } from '#platform/errors.ts'

export const wrongCredentials = () => new AppError(401, 'auth.wrong_credentials', 'The e-mail or the password is wrong.')
export const blocked = () => new AppError(403, 'auth.blocked', 'This account is blocked. Write to the cinema.')
export const invalidRefreshToken = () =>
  new AppError(401, 'auth.invalid_refresh_token', 'This refresh token is not valid any more. Sign in again.')
export const refreshTokenReused = () =>
  new AppError(
    401,
    'auth.refresh_token_reused',
    'This refresh token had been used before, so this device was signed out. Sign in again.',
  )
