import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import type { Cinema } from '#features/cinemas/api.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import { dayQuery, filmsQuery } from './api.ts'
import { EmptyDay } from './empty-day.tsx'
import { FilmCard } from './film-card.tsx'
import { FilterBar } from './filter-bar.tsx'
import { choicesOf, favouriteOf, type Filters, hasFilters, isAhead, type Screening, screeningsOf } from './filters.ts'
import style from './programme.module.css'

type Props = { cinema: Cinema; day: string; filters: Filters; now: number }

const CARDS_WHILE_WAITING = 4
const EAGER = 3

const Waiting = () => {
  const { t } = useTranslation()
  return (
    <div className={style.grid} role="status" aria-label={t('loading')}>
      {Array.from({ length: CARDS_WHILE_WAITING }, (_, index) => (
        <div key={index} className={style.waiting}>
          <div className={`skeleton ${style.poster}`} />
          <div className={`skeleton ${style.line}`} />
          <div className={`skeleton ${style.chip}`} />
        </div>
      ))}
    </div>
  )
}

const Films = ({
  screenings,
  cinema,
  favourite,
}: {
  screenings: Screening[]
  cinema: Cinema
  favourite: Screening | undefined
}) => {
  const { t } = useTranslation('films')
  const rest = screenings.filter((screening) => screening !== favourite)
  return (
    <div className={style.grid}>
      {favourite && <FilmCard screening={favourite} timezone={cinema.timezone} label={t('home.favourite')} eager="first" />}
      {rest.map((screening, index) => (
        <FilmCard
          key={screening.film_id}
          screening={screening}
          timezone={cinema.timezone}
          eager={index === 0 && favourite === undefined ? 'first' : index < EAGER}
        />
      ))}
    </div>
  )
}

/** What one cinema shows on one day. */
export const Programme = ({ cinema, day, filters, now }: Props) => {
  const { t } = useTranslation('films')
  const showings = useQuery(dayQuery(cinema.id, day))
  const films = useQuery(filmsQuery)
  const failed = showings.error ?? films.error
  if (showings.data === undefined || films.data === undefined) {
    if (failed === null) return <Waiting />
    return <SectionProblem error={failed} retry={() => void Promise.all([showings.refetch(), films.refetch()])} />
  }
  const ahead = showings.data.filter((showing) => isAhead(showing, now))
  const screenings = screeningsOf(ahead, films.data, filters, now)
  const count = screenings.reduce((sum, { showings: { length } }) => sum + length, 0)
  return (
    <>
      <div className={style.tools}>
        <FilterBar filters={filters} choices={choicesOf(ahead, films.data)} />
        <p role="status" className={style.count}>
          {count > 0 ? `${t('home.films', { count: screenings.length })} · ${t('home.showings', { count })}` : ''}
        </p>
      </div>
      {screenings.length > 0 ? (
        <Films screenings={screenings} cinema={cinema} favourite={hasFilters(filters) ? undefined : favouriteOf(screenings)} />
      ) : (
        <EmptyDay cinema={cinema} day={day} filters={filters} />
      )}
    </>
  )
}
