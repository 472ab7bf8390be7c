import { AppError, invalid, tryAgainLater } from '#platform/errors.ts'

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
export const signInAgain = () =>
  new AppError(403, 'auth.sign_in_again', 'For this, sign in once more: it is allowed within ten minutes of signing in.')
export const totpRequired = () =>
  new AppError(
    401,
    'auth.totp_required',
    'Send the code of your authenticator app as totp_code, or one of your recovery codes as recovery_code.',
  )
export const wrongCode = () =>
  new AppError(401, 'auth.wrong_code', 'This code is wrong, or was used before. Wait for the next one.')
export const totpEnabled = () =>
  new AppError(409, 'auth.totp_enabled', 'Your authenticator app is set up. Remove it first to set up another.')
export const totpNotStarted = () => new AppError(409, 'auth.totp_not_started', 'Begin with POST /api/v1/users/me/totp.')
export const totpNotEnabled = () => new AppError(409, 'auth.totp_not_enabled', 'No authenticator app is set up.')
export const factorNeeded = () =>
  new AppError(409, 'auth.factor_needed', 'Your role needs a second factor, so the last one stays.')
export const lastWayIn = () =>
  new AppError(409, 'auth.last_way_in', 'This is your last way to sign in. Set a password or add another way first.')
export const noSuchProvider = () => new AppError(404, 'auth.no_such_provider', 'Nobody of this name signs people in here.')
export const providerUnavailable = () =>
  tryAgainLater('auth.provider_unavailable', 'The provider does not answer just now. Try again in a moment.', 5)
export const oidcDenied = () =>
  new AppError(401, 'auth.oidc_denied', 'The provider did not let you through, or you changed your mind.')
export const oidcFailed = () => new AppError(401, 'auth.oidc_failed', 'The answer of the provider does not count. Begin again.')
export const oidcEmailNeeded = () =>
  new AppError(
    403,
    'auth.oidc_email_needed',
    'The provider does not vouch for your e-mail address, so no account can be found by it.',
  )
export const accountUnproved = () =>
  new AppError(
    403,
    'auth.account_unproved',
    'There is an account with this e-mail that nobody has confirmed. Confirm it first, or reset its password.',
  )
export const passkeyRefused = () =>
  new AppError(401, 'auth.passkey_refused', 'This passkey is not known here, or its answer does not count.')
/** A sign-in, a passkey or an account elsewhere; whether it is somebody else’s is not said. */
export const notFound = () => new AppError(404, 'auth.not_found', 'You have no such sign-in, passkey or account.')
export const tooManyPasskeys = (most: number) =>
  new AppError(409, 'auth.too_many_passkeys', `An account has at most ${most} passkeys.`)
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
/** For who is signed in a wrong code is wrong input: 401 would send them to sign in again. */
export const factorRefused = () =>
  invalid('/totp_code', 'Send the newest code of your app, or a recovery code that was not used.', 'auth.factor_refused')
export const passkeyUnfit = () =>
  invalid('/response', 'What the browser answered does not fit what was asked. Begin again.', 'auth.passkey_unfit')
