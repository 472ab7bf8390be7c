import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import type { Cinema } from '#features/cinemas/api.ts'
import { useCinema } from '#features/cinemas/choice.ts'
import { businessDay } from '#lib/days.ts'
import { useNow } from '#lib/use-now.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import { Empty } from '#ui/empty.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { filmShowingsQuery, type Showing } from './api.ts'
import { DateStrip } from './date-strip.tsx'
import style from './film-showings.module.css'
import { isAhead } from './filters.ts'
import { ShowingChip } from './showing-chip.tsx'

const route = getRouteApi('/films/$film')

type Group = { cinema_id: number; name: string; showings: Showing[] }

/** The chosen cinema comes first. */
const byCinema = (showings: Showing[], chosen: number | undefined): Group[] =>
  [...Map.groupBy(showings, ({ cinema_id }) => cinema_id)]
    .map(([cinema_id, own]) => ({ cinema_id, name: own[0]?.cinema_name ?? '', showings: own }))
    .toSorted((a, b) => Number(b.cinema_id === chosen) - Number(a.cinema_id === chosen) || a.cinema_id - b.cinema_id)

const zoneOf = (cinemas: Cinema[], id: number) => cinemas.find((cinema) => cinema.id === id)?.timezone ?? 'Europe/Kyiv'

const Groups = ({ groups, cinemas }: { groups: Group[]; cinemas: Cinema[] }) => (
  <>
    {groups.map(({ cinema_id, name, showings }) => (
      <div key={cinema_id} className={style.cinema}>
        <h3>{name}</h3>
        <ul className={style.showings}>
          {showings.map((showing) => (
            <li key={showing.id}>
              <ShowingChip showing={showing} timezone={zoneOf(cinemas, cinema_id)} withHall />
            </li>
          ))}
        </ul>
      </div>
    ))}
  </>
)

/** Every showing of one film, day by day, on the film's own page. */
export const FilmShowings = ({ id }: { id: number }) => {
  const { t } = useTranslation(['films', 'film', 'common'])
  const { date } = route.useSearch()
  const { cinema, cinemas } = useCinema()
  const now = useNow()
  const { data, error, refetch } = useQuery(filmShowingsQuery(id))
  const ahead = (data ?? []).filter((showing) => isAhead(showing, now))
  const days = [...new Set(ahead.map(({ business_day }) => business_day))].toSorted()
  const day = date !== undefined && days.includes(date) ? date : days[0]
  const today = businessDay(new Date(now), cinema?.timezone ?? 'Europe/Kyiv')
  return (
    <section aria-labelledby="showings" className={style.section}>
      <h2 id="showings">{t('film:showings')}</h2>
      {error !== null && <SectionProblem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && (
        <div className={`skeleton ${style.waiting}`} role="status" aria-label={t('common:loading')} />
      )}
      {data !== undefined && day === undefined && (
        <Empty title={t('film:no_showings')} hint={t('film:no_showings_hint')}>
          <ButtonLink to="/" size="md">
            {t('common:missing.films')}
          </ButtonLink>
        </Empty>
      )}
      {day !== undefined && (
        <>
          <DateStrip days={days} today={today} chosen={day} />
          <Groups
            groups={byCinema(
              ahead.filter(({ business_day }) => business_day === day),
              cinema?.id,
            )}
            cinemas={cinemas}
          />
        </>
      )}
    </section>
  )
}
