import { AppError } from '#platform/errors.ts'

const DECLINES: Record<string, string> = {
  insufficient_funds: 'There is not enough money on this card.',
  card_declined: 'The bank has declined this card.',
  expired_card: 'This card has expired.',
  invalid_card_token: 'This card cannot be used.',
}

/** The hold lives on, so the buyer can try another way to pay. */
export const declined = (failure: string, data: Record<string, unknown>) =>
  new AppError(
    402,
    `payments.${failure in DECLINES ? failure : 'card_declined'}`,
    DECLINES[failure] ?? 'The payment was declined.',
    {
      ...data,
      recommendation: failure === 'expired_card' ? 'use_another_card' : 'try_another_method',
    },
  )

export const staffOnly = () =>
  new AppError(403, 'payments.staff_only', 'Only staff of this cinema take cash or cards at the counter.')
export const paymentNotFound = () => new AppError(404, 'payments.not_found', 'There is no such payment.')
export const alarmNotFound = () => new AppError(404, 'alarms.not_found', 'There is no such alarm.')
export const refundNotFound = () => new AppError(404, 'refunds.not_found', 'There is no such refund.')
export const refundNotFailed = () =>
  new AppError(409, 'refunds.not_failed', 'Only a refund that the provider has refused can be tried again.')
export const refundTooLarge = () => new AppError(409, 'refunds.too_large', 'The payment does not have so much left to give back.')
/** A refused refund keeps no money of its payment: one that came later may have had it, though another payment of the order has some. */
export const refundRoomTaken = () =>
  new AppError(
    409,
    'refunds.room_taken',
    'Later refunds have taken what this payment had left since this one was refused. Give the money in another way.',
  )
export const isRefundRoomTaken = (error: unknown): boolean => error instanceof AppError && error.code === 'refunds.room_taken'
export const unknownPayment = () =>
  new AppError(503, 'payments.unknown', 'This payment is not known here yet. Send the event again.', { retry_after: 5 })
export const webhookForged = (reason: string) =>
  new AppError(400, 'payments.webhook_forged', `The webhook is not from the provider: ${reason}.`)
export const webhookMalformed = () =>
  new AppError(400, 'payments.webhook_malformed', 'The webhook is signed, but not understood.')
export const webhookFromNobody = () =>
  new AppError(400, 'payments.webhook_forged', 'Nobody outside tells us of money that we take ourselves.')
export const noProvider = () => new AppError(503, 'payments.unavailable', 'Payments are switched off here.', { retry_after: 300 })

/** The outcome is unknown: the caller must ask again, never assume. */
export const providerUnavailable = (detail: string) => Object.assign(new Error(detail), { name: 'ProviderUnavailable' as const })

/** The provider said no, and nothing happened. */
export const providerRefused = (code: string) => Object.assign(new Error(code), { name: 'ProviderRefused' as const, code })

export const isProviderUnavailable = (error: unknown): boolean => error instanceof Error && error.name === 'ProviderUnavailable'
export const isProviderRefused = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && error.name === 'ProviderRefused'
