import { AppError, invalid } from '#platform/errors.ts'

export const proofNeeded = () =>
  invalid(
    '/order_key',
    'Show whose orders these are: X-Guest-Token, the guest cookie, order_key or verified_email.',
    'guests.proof_needed',
  )
export const unknownGuest = () => new AppError(404, 'guests.not_found', 'There is no such guest.')
export const orderHasOwner = () =>
  new AppError(409, 'guests.order_has_owner', 'This order belongs to somebody’s account already.')
export const emailNotVerified = () =>
  new AppError(403, 'guests.email_not_verified', 'Your e-mail address has not been verified, so nothing can be given to it.')
