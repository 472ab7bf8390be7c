import { useTranslation } from 'react-i18next'

import { Trouble } from '#features/account/trouble.tsx'
import { isApiError } from '#lib/api.ts'

const KNOWN = {
  'auth.forbidden': 'refused.forbidden',
  'auth.read_only': 'refused.read_only',
  'sessions.changed': 'refused.changed',
  'sessions.cancelled': 'refused.cancelled',
  'sessions.started': 'refused.started',
  'sessions.finished': 'refused.finished',
  'sessions.overlap': 'refused.overlap',
  'sessions.outside_opening_hours': 'refused.closed',
  'sessions.seats_claimed': 'refused.needs_swap',
  'sessions.same_hall': 'refused.same_hall',
  'sessions.seats_unplaced': 'refused.unplaced',
  'sessions.holders_inside': 'refused.inside',
  'sessions.hall_inactive': 'refused.hall',
  'orders.reason_needed': 'refused.reason',
  'tickets.reason_needed': 'refused.reason',
  'sessions.in_the_past': 'refused.past',
  'pricing.no_card': 'refused.no_card',
  'orders.refund_changed': 'refused.sum',
  'orders.staff_decide': 'refused.forbidden',
  'refunds.not_failed': 'refused.not_failed',
  'refunds.room_taken': 'refused.room_taken',
  'tickets.already_used': 'refused.used',
  'tickets.too_late_to_cancel': 'refused.too_late',
  'tickets.cancelled': 'refused.given_back',
} as const

const isKnown = (code: string): code is keyof typeof KNOWN => code in KNOWN

const wordFor = (error: unknown) => {
  if (!isApiError(error)) return 'refused.failed'
  if (error.status === 0) return 'refused.offline'
  const code = [error.code, ...error.errors.map((one) => one.code)].find(isKnown)
  return code === undefined ? 'refused.failed' : KNOWN[code]
}

/** Why it was not done, in words; nothing while there is no refusal. */
export const DeskRefusal = ({ error }: { error: unknown }) => {
  const { t } = useTranslation('desk')
  return <Trouble>{error !== undefined && error !== null && t(wordFor(error))}</Trouble>
}
