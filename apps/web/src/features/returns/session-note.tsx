import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { formatShowing, useTimezone } from '#features/orders/place.ts'
import type { TicketSession } from '#features/orders/ticket-card.tsx'
import { slugOf } from '#lib/slug.ts'
import style from './ticket-ways.module.css'

type Props = { session: TicketSession | undefined; isValid: boolean }

/** What has become of a screening since its tickets were bought. Who has none of it any more need not know that it moved. */
export const SessionNote = ({ session, isValid }: Props) => {
  const { t } = useTranslation('returns')
  const timezone = useTimezone(session?.cinema_id)
  if (session?.status === 'cancelled')
    return (
      <p className={style.note}>
        {t('called_off')}{' '}
        <Link to="/films/$film" params={{ film: slugOf(session.movie_id, session.movie_title) }} hash="showings">
          {t('other_showing')}
        </Link>
      </p>
    )
  if (session?.status === 'rescheduled' && isValid)
    return <p className={style.note}>{t('moved', { time: formatShowing(session.start_time, timezone) })}</p>
  return null
}
