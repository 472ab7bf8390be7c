import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import style from './best-seats.module.css'
import { SEAT_LIMIT } from './selection.ts'

/** The best seats for so many people, in one tap. */
export const BestSeats = ({ onTake, busy }: { onTake: (count: number) => void; busy: boolean }) => {
  const { t } = useTranslation('hall')
  const [count, setCount] = useState(2)
  const step = (by: number) => setCount(Math.min(Math.max(count + by, 1), SEAT_LIMIT))
  return (
    <div className={style.best} role="group" aria-label={t('best.label', { people: t('best.people', { count }) })}>
      <span className={style.stepper}>
        <button type="button" onClick={() => step(-1)} disabled={count === 1} aria-label={t('best.fewer')}>
          −
        </button>
        <output aria-label={t('best.people', { count })}>{count}</output>
        <button type="button" onClick={() => step(1)} disabled={count === SEAT_LIMIT} aria-label={t('best.more')}>
          +
        </button>
      </span>
      <Button variant="light" size="sm" onClick={() => onTake(count)} loading={busy}>
        {t('best.take')}
      </Button>
    </div>
  )
}
