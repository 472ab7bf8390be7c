import { useTranslation } from 'react-i18next'

import style from '../staff.module.css'
import type { Screening } from './api.ts'

const TONES = { scheduled: 'active', rescheduled: 'waiting', cancelled: 'inactive', finished: 'over' } as const

export const ScreeningState = ({ of: { status } }: { of: Screening }) => {
  const { t } = useTranslation('desk')
  return (
    <span className={style.state} data-state={TONES[status]}>
      {t(`status.${status}`)}
    </span>
  )
}
