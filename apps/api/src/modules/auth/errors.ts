import { AppError, invalid } from '#platform/errors.ts'

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
export const activationRequired = () =>
  new AppError(403, 'auth.activation_required', 'Open the link in the mail we sent you, or ask for a new one.')
export const accountClosed = () =>
  new AppError(403, 'auth.deactivated', 'You have closed this account. Ask for an activation link to open it again.')
export const throttled = (retry_after: number) =>
  new AppError(429, 'auth.throttled', 'Too many tries. Wait until the seconds in retry_after have passed, then try again.', {
    retry_after,
  })
export const invalidLink = () =>
  invalid(
    '/token',
    'This link is not valid any more: it was used, replaced or has expired. Ask for a new one.',
    'auth.invalid_link',
  )
export const sameEmail = () => invalid('/email', 'This is the address of your account already.', 'auth.same_email')
export const wrongPassword = (pointer: string) => invalid(pointer, 'The password is wrong.', 'auth.wrong_password')
