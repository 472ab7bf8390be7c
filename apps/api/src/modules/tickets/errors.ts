import { AppError, invalid } from '#platform/errors.ts'

export const ticketNotFound = () => new AppError(404, 'tickets.not_found', 'There is no such ticket.')
export const seatsTaken = (seat_ids: number[]) =>
  new AppError(409, 'tickets.seats_taken', 'One of these seats has just been taken.', { seat_ids })
export const alreadyUsed = () => new AppError(409, 'tickets.already_used', 'This ticket has been used to walk in.')
export const notPaid = () => new AppError(409, 'tickets.not_paid', 'This ticket has not been paid.')
export const expired = () => new AppError(409, 'tickets.expired', 'The hold on this ticket has run out.')
export const cancelled = () => new AppError(409, 'tickets.cancelled', 'This ticket has been cancelled.')
export const tooLate = (minutes: number, ticket_ids: number[]) =>
  new AppError(409, 'tickets.too_late_to_cancel', `Tickets can be cancelled until ${minutes} minutes before the start.`, {
    cutoff_minutes: minutes,
    ticket_ids,
  })
export const notUsed = () => new AppError(409, 'tickets.not_used', 'Nobody has walked in with this ticket.')
export const nonceReused = () =>
  invalid('/nonce', 'This nonce was used for another scan. Take a new one.', 'tickets.nonce_reused')
export const oneCode = () => invalid('/qr_code', 'Give qr_code or booking_reference, one of them.', 'tickets.one_code')
export const reasonNeeded = () => invalid('/reason', 'A forced entry needs a reason.', 'tickets.reason_needed')
