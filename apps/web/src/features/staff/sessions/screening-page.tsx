import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useFilmTitle } from '#features/films/film-title.tsx'
import { money } from '#features/orders/money.ts'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import { isApiError } from '#lib/api.ts'
import { useNow } from '#lib/use-now.ts'
import { Empty } from '#ui/empty.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from '../access.ts'
import { Figures } from '../figures.tsx'
import { useMyCinemas } from '../my-cinemas.tsx'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { WaitingRows } from '../waiting-rows.tsx'
import { type Screening, screeningQuery } from './api.ts'
import { CancelSection } from './cancel-section.tsx'
import { CancellationProgress } from './cancellation-progress.tsx'
import { Changes } from './changes.tsx'
import { MoveSection } from './move-section.tsx'
import { ScreeningState } from './screening-state.tsx'
import { SwapSection } from './swap-section.tsx'

const Facts = ({ of: one }: { of: Screening }) => {
  const { t } = useTranslation('desk')
  return (
    <Figures
      of={[
        [t('screening.sold'), one.sold_tickets],
        [t('screening.held'), one.reserved_tickets],
        [t('screening.free'), one.available_seats],
        [t('screening.price'), money(one.base_price, one.currency)],
        [t('screening.number'), one.id],
      ]}
    />
  )
}

const Ways = ({ of: one }: { of: Screening }) => {
  const { t } = useTranslation('desk')
  const now = useNow()
  if (one.status === 'cancelled') return <CancellationProgress of={one} />
  if (one.status === 'finished' || Date.parse(one.start_time) <= now) return <p className={style.note}>{t('screening.begun')}</p>
  return (
    <div className={style.sections}>
      <MoveSection key={`move ${one.start_time}`} of={one} />
      <SwapSection key={`swap ${one.hall_id}`} of={one} />
      <CancelSection of={one} />
    </div>
  )
}

const Known = ({ of: one }: { of: Screening }) => {
  const title = useFilmTitle(one)
  const timezone = useTimezone(one.cinema_id)
  return (
    <>
      <title>{`${title} · Marquee`}</title>
      <Link to="/staff/screenings" search={{ cinema: String(one.cinema_id), day: one.business_day }} className={style.back}>
        ← {formatShowing(one.start_time, timezone)}
      </Link>
      <header className={style.head}>
        <div>
          <h1>{title}</h1>
          <p className={style.soft}>
            {formatShowing(one.start_time, timezone)} · {one.hall_name} · {one.cinema_name} · <ScreeningState of={one} />
          </p>
        </div>
      </header>
      <Facts of={one} />
      <Ways of={one} />
      <Changes of={one} />
    </>
  )
}

const Loaded = ({ id }: { id: number }) => {
  const { t } = useTranslation('desk')
  const { data, error, refetch } = useQuery(screeningQuery(id))
  const mine = useMyCinemas()
  const elsewhere = data !== undefined && mine !== undefined && !mine.some((cinema) => cinema.id === data.cinema_id)
  const missing = elsewhere || (isApiError(error) && (error.status === 404 || error.status === 422))
  return (
    <div className={style.page}>
      {missing && <Empty title={t('screening.missing')} hint={t('screening.missing_hint')} />}
      {error && !missing && !data && <SectionProblem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows rows={4} />}
      {data && mine && !missing && <Known of={data} />}
    </div>
  )
}

export const ScreeningPage = () => {
  const { session_id } = useParams({ from: '/staff/screenings/$session_id' })
  return useMay('sessions.write') ? <Loaded key={session_id} id={Number(session_id)} /> : <NotYours />
}
