import { useTranslation } from 'react-i18next'

import { isOpen } from '#lib/days.ts'
import { useNow } from '#lib/use-now.ts'
import type { Cinema } from './api.ts'
import style from './opening-hours.module.css'

/** The hours on the cinema's own clock, and whether its doors are open at this moment. */
export const OpeningHours = ({ cinema }: { cinema: Cinema }) => {
  const { t } = useTranslation('cinemas')
  const now = useNow()
  const open = isOpen(cinema, new Date(now))
  const { opening_time, closing_time } = cinema
  return (
    <p className={style.hours}>
      <span className={style.state} data-open={open}>
        {t(open ? 'open' : 'closed')}
      </span>
      <span className="tabular">
        {opening_time === closing_time ? t('round_the_clock') : t('hours', { from: opening_time, to: closing_time })}
      </span>
    </p>
  )
}
