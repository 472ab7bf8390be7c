import { useTranslation } from 'react-i18next'

import style from './staff.module.css'

const ROWS = 8

/** The shape of a list that is on its way. */
export const WaitingRows = ({ rows = ROWS }: { rows?: number }) => {
  const { t } = useTranslation('staff')
  return (
    <div className={style.waiting} role="status" aria-label={t('waiting')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton" />
      ))}
    </div>
  )
}
