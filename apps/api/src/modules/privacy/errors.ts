import { AppError } from '#platform/errors.ts'

export type TicketAhead = { ticket_id: number; booking_reference: string; title: string; starts_at: string }

export const ticketsAhead = (tickets: TicketAhead[]) =>
  new AppError(
    409,
    'privacy.tickets_ahead',
    'There are paid tickets for sessions to come. Give them back first, or repeat with "confirm": true: they stay good, but nobody can be told of changes.',
    { tickets },
  )
export const paymentRunning = () =>
  new AppError(409, 'privacy.payment_running', 'A payment is under way. Wait a few minutes until it is decided.')
export const lookingOnly = () =>
  new AppError(403, 'auth.read_only', 'What somebody may take away of themselves is for them alone.')
