import { useTranslation } from 'react-i18next'

import style from './staff.module.css'

const TONES = { pending: 'waiting', success: 'active', failed: 'inactive' } as const

type Props = { status: keyof typeof TONES | null; failure: string | null }

/** Where money that goes back is. Codes of the provider stay as they are: they are for its support. */
export const RefundState = ({ status, failure }: Props) => {
  const { t } = useTranslation('desk')
  if (status === null) return <span>–</span>
  return (
    <span className={style.state} data-state={TONES[status]}>
      {t(`refund.${status}`)}
      {status === 'failed' && failure !== null && ` (${failure})`}
    </span>
  )
}

const REASONS = [
  'cancelled',
  'exchanged',
  'session_cancelled',
  'hall_swapped',
  'seats_gone',
  'paid_twice',
  'wrong_amount',
  'not_paid_in_full',
  'order_canceled',
] as const

/** Why money goes back: in our words where the server gave the reason, else in those of the person who did. */
export const RefundReason = ({ of: { reason } }: { of: { reason: string } }) => {
  const { t } = useTranslation('desk')
  const known = REASONS.find((one) => one === reason)
  return known ? t(`refund_reason.${known}`) : reason
}
