import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useCinema } from '#features/cinemas/choice.ts'
import { CinemaButton } from '#features/cinemas/cinema-button.tsx'
import { NearestHint } from '#features/cinemas/nearest-hint.tsx'
import { addDays, businessDay, daysFrom } from '#lib/days.ts'
import { capitalized, formatDay, formatWeekday } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { useNow } from '#lib/use-now.ts'
import { DateStrip } from './date-strip.tsx'
import style from './home-page.module.css'
import { Programme } from './programme.tsx'

const DAYS_AHEAD = 14

const route = getRouteApi('/')

/** Today at your cinema. */
export const HomePage = () => {
  const { t } = useTranslation('films')
  const language = useLanguage()
  const filters = route.useSearch()
  const { cinema, chosen } = useCinema()
  const now = useNow()
  const today = businessDay(new Date(now), cinema?.timezone ?? 'Europe/Kyiv')
  const day = filters.date ?? today
  const heading =
    day === today
      ? t('day.today')
      : day === addDays(today, 1)
        ? t('day.tomorrow')
        : capitalized(formatWeekday(language, day, 'long'))
  return (
    <>
      <title>{`${heading} · ${cinema?.name ?? 'Marquee'}`}</title>
      <div className={style.hero}>
        <div className={`page ${style.opening}`}>
          <p className={style.date}>{capitalized(formatDay(language, day))}</p>
          <h1 className={style.heading}>
            {heading} <span>{t('home.at_cinema')}</span>
          </h1>
          <div className={style.where}>
            <CinemaButton large />
            {!chosen && <NearestHint />}
          </div>
        </div>
      </div>
      <div className={`page ${style.programme}`}>
        <DateStrip days={daysFrom(today, DAYS_AHEAD)} today={today} chosen={day} />
        {cinema && <Programme key={cinema.id} cinema={cinema} day={day} filters={filters} now={now} />}
      </div>
    </>
  )
}
