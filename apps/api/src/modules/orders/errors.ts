import { AppError, invalid } from '#platform/errors.ts'
import { toMajor } from '#platform/money.ts'

export const orderNotFound = () => new AppError(404, 'orders.not_found', 'There is no such order.')
export const holdExpired = () =>
  new AppError(409, 'orders.hold_expired', 'The hold on the seats has run out. Choose seats again.')
export const orderCanceled = () => new AppError(409, 'orders.canceled', 'This order has been canceled.')
export const alreadyPaid = () => new AppError(409, 'orders.already_paid', 'This order has been paid.')
export const notPending = () => new AppError(409, 'orders.not_pending', 'This order can no longer be changed.')
export const priceChanged = (amountMinor: number) =>
  new AppError(409, 'orders.price_changed', 'The amount due is another one.', { amount_due: toMajor(amountMinor) })
export const refundChanged = (refundMinor: number) =>
  new AppError(409, 'orders.refund_changed', 'Another amount would be given back by now.', { refund: toMajor(refundMinor) })
export const staffDecide = () =>
  new AppError(403, 'orders.staff_decide', 'Only staff of the cinema may give back more than the terms of the order say.')
export const reasonNeeded = () =>
  invalid('/reason', 'Whoever goes beyond the terms of an order says why.', 'orders.reason_needed')
export const exchangeWhole = () =>
  new AppError(
    409,
    'orders.exchange_whole',
    'These tickets take the place of others. Take all of them, or cancel the order and choose anew.',
  )
/** `order_key` is told to whoever holds those seats and came by a key. */
export const exchangeUnderWay = (order_id: number, order_key?: string) =>
  new AppError(
    409,
    'orders.exchange_under_way',
    'Seats are held already for one of these tickets. Pay that order, or cancel it.',
    { order_id, ...(order_key !== undefined && { order_key }) },
  )
export const otherCinema = () => new AppError(422, 'orders.other_cinema', 'Tickets are exchanged for others of the same cinema.')
export const paymentInProgress = () =>
  new AppError(
    409,
    'orders.payment_in_progress',
    'A payment for this order is under way. Wait for its result, or cancel it first.',
    { retry_after: 5 },
  )
export const partlyPaid = () =>
  new AppError(409, 'orders.partly_paid', 'Part of this order has been paid. Pay the rest, or cancel the order as a whole.')
export const emailRequired = () =>
  invalid('/email', 'Say where the tickets shall be sent: without an account an order needs an e-mail.', 'orders.email_required')
export const keyPaysExchanges = () =>
  new AppError(
    403,
    'orders.key_pays_exchanges',
    'A link pays for seats that were taken in exchange, and for nothing else. Sign in, or send the guest’s token, to pay this order.',
  )
export const emailStays = () =>
  invalid('/email', 'The new tickets go to the address of the order. Only its owner may name another.', 'orders.email_stays')
export const alreadyExtended = () => new AppError(409, 'orders.already_extended', 'The hold can be extended once, and has been.')
export const mixedCurrency = () =>
  new AppError(422, 'orders.mixed_currency', 'One order is paid in one currency. Make another order for this session.')
export const tooManySeats = (limit: number) =>
  new AppError(
    422,
    'orders.too_many_seats',
    `An order has at most ${limit} seats, and nobody holds more than that in one session.`,
    { limit },
  )
