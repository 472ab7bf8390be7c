import { isApiError } from '#lib/api.ts'

const KNOWN = {
  'tickets.too_late_to_cancel': 'refused.too_late',
  'tickets.already_used': 'refused.used',
  'tickets.cancelled': 'refused.given_back',
  'tickets.seats_taken': 'refused.taken',
  'seats.lone_seat': 'refused.lone',
  'seats.sofa_whole': 'refused.sofa',
  'seats.companion_alone': 'refused.companion',
  'sessions.started': 'refused.started',
  'sessions.cancelled': 'refused.session',
  'sessions.not_on_sale': 'refused.started',
  'sessions.changed': 'refused.changed',
  'orders.refund_changed': 'refused.changed',
  'orders.price_changed': 'refused.changed',
  'orders.exchange_under_way': 'refused.under_way',
  'pricing.type_not_for_seat': 'refused.type',
} as const

/** Why it could not be done, as a key of the texts; what nobody foresaw sounds like a try that may be repeated. */
export const refusalWords = (error: unknown) => {
  if (!isApiError(error)) return 'refused.failed'
  if (error.status === 0) return 'refused.offline'
  return KNOWN[error.code as keyof typeof KNOWN] ?? 'refused.failed'
}
