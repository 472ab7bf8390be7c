import { useTranslation } from 'react-i18next'

import { formatShowing, useTimezone } from '#features/orders/place.ts'
import type { TicketSession } from '#features/orders/ticket-card.tsx'
import style from './ticket-ways.module.css'

/** What has become of a screening since its tickets were bought. */
export const SessionNote = ({ session }: { session: TicketSession | undefined }) => {
  const { t } = useTranslation('returns')
  const timezone = useTimezone(session?.cinema_id)
  if (session?.status === 'cancelled') return <p className={style.note}>{t('called_off')}</p>
  if (session?.status === 'rescheduled')
    return <p className={style.note}>{t('moved', { time: formatShowing(session.start_time, timezone) })}</p>
  return null
}
