import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { DateStrip } from '#features/films/date-strip.tsx'
import { Programme } from '#features/films/programme.tsx'
import { addDays, businessDay, daysFrom, weekStart } from '#lib/days.ts'
import { formatShortDay } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { useNow } from '#lib/use-now.ts'
import { toast } from '#ui/announce.ts'
import { type Cinema, cinemaQuery } from './api.ts'
import { rememberCinema, useCinema } from './choice.ts'
import style from './cinema-page.module.css'
import { Halls } from './halls.tsx'
import { OpeningHours } from './opening-hours.tsx'

const route = getRouteApi('/cinemas/$cinema')
const WEEK = 7
const WEEKS_SHOWN = 2

const mapUrl = ({ latitude, longitude, city, address }: Cinema) =>
  latitude === null || longitude === null
    ? `https://www.openstreetmap.org/search?query=${encodeURIComponent(`${address}, ${city}`)}`
    : `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`

const Contact = ({ cinema }: { cinema: Cinema }) => {
  const { t } = useTranslation('cinemas')
  const { cinema: mine, chosen } = useCinema()
  const choose = () => {
    rememberCinema(cinema.id)
    toast(t('is_yours', { name: cinema.name }), 'good')
  }
  return (
    <>
      <p className={style.address}>
        {cinema.city}, {cinema.address}
      </p>
      <OpeningHours cinema={cinema} />
      <p className={style.links}>
        <a href={mapUrl(cinema)} target="_blank" rel="noreferrer">
          {t('on_the_map')}
        </a>
        {cinema.phone !== null && <a href={`tel:${cinema.phone.replaceAll(' ', '')}`}>{cinema.phone}</a>}
        {cinema.email !== null && <a href={`mailto:${cinema.email}`}>{cinema.email}</a>}
      </p>
      {(mine?.id !== cinema.id || !chosen) && (
        <Button size="md" variant="default" className={style.choose} onClick={choose}>
          {t('make_mine')}
        </Button>
      )}
    </>
  )
}

export const CinemaPage = () => {
  const { t } = useTranslation('cinemas')
  const language = useLanguage()
  const { id } = route.useLoaderData()
  const filters = route.useSearch()
  const { data: cinema } = useSuspenseQuery(cinemaQuery(id))
  const now = useNow()
  const today = businessDay(new Date(now), cinema.timezone)
  const day = filters.date ?? today
  const first = weekStart(day)
  const days = daysFrom(today, WEEKS_SHOWN * WEEK).filter((date) => date < addDays(weekStart(today), WEEKS_SHOWN * WEEK))
  return (
    <>
      <title>{`${cinema.name} · Marquee`}</title>
      <div className={style.hero}>
        <div className={`page ${style.opening}`}>
          <h1>{cinema.name}</h1>
          <Contact cinema={cinema} />
        </div>
      </div>
      <div className={`page ${style.sections}`}>
        <section aria-labelledby="programme" className={style.programme}>
          <h2 id="programme">
            {t('programme')}{' '}
            <small>
              {t('week', { from: formatShortDay(language, first), to: formatShortDay(language, addDays(first, WEEK - 1)) })}
            </small>
          </h2>
          <DateStrip days={days} today={today} chosen={day} />
          <Programme cinema={cinema} day={day} filters={filters} now={now} />
        </section>
        <Halls cinema={cinema} />
      </div>
    </>
  )
}
