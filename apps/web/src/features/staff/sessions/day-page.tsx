import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

import type { Cinema } from '#features/cinemas/api.ts'
import { FilmTitle } from '#features/films/film-title.tsx'
import { addDays, businessDay, isDay } from '#lib/days.ts'
import { capitalized, formatClock, formatDay } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { useNow } from '#lib/use-now.ts'
import { Empty } from '#ui/empty.tsx'
import { Field } from '#ui/field.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from '../access.ts'
import desk from '../desk.module.css'
import { CinemaPick, useCinema } from '../my-cinemas.tsx'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { useListKeys } from '../use-list-keys.ts'
import { WaitingRows } from '../waiting-rows.tsx'
import { dayQuery, type Screening } from './api.ts'
import { ScreeningState } from './screening-state.tsx'

/** Until the cinema is known. */
const HOME = 'Europe/Kyiv'

const ScreeningTable = ({ screenings, timezone }: { screenings: Screening[]; timezone: string }) => {
  const { t } = useTranslation('desk')
  const language = useLanguage()
  const clock = (moment: string) => formatClock(language, moment, timezone)
  return (
    <table className={style.table}>
      <thead>
        <tr>
          <th scope="col">{t('day.film')}</th>
          <th scope="col">{t('day.time')}</th>
          <th scope="col">{t('day.hall')}</th>
          <th scope="col">{t('day.sold')}</th>
          <th scope="col">{t('day.state')}</th>
        </tr>
      </thead>
      <tbody>
        {screenings.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <Link to="/staff/screenings/$session_id" params={{ session_id: String(one.id) }} data-row>
                <FilmTitle of={one} />
              </Link>
            </th>
            <td className="tabular">
              {clock(one.start_time)}–{clock(one.end_time)}
            </td>
            <td>{one.hall_name}</td>
            <td className="tabular">
              {t('day.of', { sold: one.sold_tickets, seats: one.sold_tickets + one.reserved_tickets + one.available_seats })}
            </td>
            <td>
              <ScreeningState of={one} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Programme = ({ cinema, day }: { cinema: Cinema; day: string }) => {
  const { t } = useTranslation('desk')
  const { data, error, refetch } = useQuery(dayQuery(cinema.id, day))
  if (error && !data) return <SectionProblem error={error} retry={() => void refetch()} />
  if (!data) return <WaitingRows />
  if (data.length === 0) return <Empty title={t('day.none')} hint={t('day.none_hint')} />
  return <ScreeningTable screenings={data} timezone={cinema.timezone} />
}

type DayProps = { day: string; onChange: (day: string) => void }

const DayChoice = ({ day, onChange }: DayProps) => {
  const { t } = useTranslation('desk')
  return (
    <div className={desk.days}>
      <Button variant="default" aria-label={t('day.before')} onClick={() => onChange(addDays(day, -1))}>
        ←
      </Button>
      <Field
        label={t('day.day')}
        type="date"
        value={day}
        onChange={({ target }) => isDay(target.value) && onChange(target.value)}
      />
      <Button variant="default" aria-label={t('day.after')} onClick={() => onChange(addDays(day, 1))}>
        →
      </Button>
    </div>
  )
}

const Day = () => {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const page = useRef<HTMLDivElement>(null)
  const search = useSearch({ from: '/staff/screenings/' })
  const navigate = useNavigate({ from: '/staff/screenings/' })
  const cinema = useCinema(search.cinema)
  const now = useNow()
  const day = isDay(search.day) ? search.day : businessDay(new Date(now), cinema?.timezone ?? HOME)
  useListKeys(page)
  const go = (part: { cinema?: string; day?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })
  return (
    <div className={style.page} ref={page}>
      <title>{`${t('nav.screenings')} · Marquee`}</title>
      <header className={style.head}>
        <div>
          <h1>{t('nav.screenings')}</h1>
          <p className={style.soft}>{capitalized(formatDay(language, day))}</p>
        </div>
      </header>
      <div className={desk.bar}>
        <CinemaPick value={cinema?.id} onChange={(id) => go({ cinema: id })} />
        <DayChoice day={day} onChange={(next) => go({ day: next })} />
      </div>
      {cinema ? <Programme cinema={cinema} day={day} /> : <WaitingRows />}
    </div>
  )
}

export const DayPage = () => (useMay('sessions.write') ? <Day /> : <NotYours />)
