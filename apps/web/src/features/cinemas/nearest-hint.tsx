import { useTranslation } from 'react-i18next'

import { rememberCinema, useCinema } from './choice.ts'
import style from './nearest-hint.module.css'
import { byDistance } from './place.ts'
import { usePlace } from './use-place.ts'

/** For a first visit: one click finds the nearest cinema; nothing is asked before it. */
export const NearestHint = () => {
  const { t } = useTranslation()
  const { cinemas } = useCinema()
  const { asking, refused, ask } = usePlace()
  const find = async () => {
    const here = await ask()
    const nearest = here && byDistance(cinemas, here)[0]
    if (nearest) rememberCinema(nearest.cinema.id)
  }
  return (
    <>
      <button type="button" className={style.find} disabled={asking} onClick={() => void find()}>
        {t('cinema.nearest')}
      </button>
      <span role="status" className={style.note}>
        {refused ? t('cinema.no_place') : ''}
      </span>
    </>
  )
}
