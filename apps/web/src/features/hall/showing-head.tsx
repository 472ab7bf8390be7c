import { memo } from 'react'
import { useTranslation } from 'react-i18next'

import { useFilmTitle } from '#features/films/film-title.tsx'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import type { Shape } from '#lib/api.ts'
import style from './showing.module.css'

export const ShowingHead = memo(({ session }: { session: Shape<'Session'> }) => {
  const { t } = useTranslation('hall')
  const timezone = useTimezone(session.cinema_id)
  const title = useFilmTitle(session)
  return (
    <header className={style.head}>
      <title>{`${title}, ${formatShowing(session.start_time, timezone)} · Marquee`}</title>
      <h1>{title}</h1>
      <p>
        <time dateTime={session.start_time}>{formatShowing(session.start_time, timezone)}</time>
        <span>{t('meta', { hall: session.hall_name, cinema: session.cinema_name })}</span>
      </p>
    </header>
  )
})
ShowingHead.displayName = 'ShowingHead'
