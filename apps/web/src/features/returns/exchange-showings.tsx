import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { filmShowingsQuery, type Showing } from '#features/films/api.ts'
import { isAhead } from '#features/films/filters.ts'
import option from '#features/orders/option.module.css'
import { useTimezone } from '#features/orders/place.ts'
import type { TicketSession } from '#features/orders/ticket-card.tsx'
import { formatClock, formatDay } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { useNow } from '#lib/use-now.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import style from './returns.module.css'

type Props = { from: TicketSession; chosen: number | undefined; onChosen: (session_id: number) => void }

const Chip = ({
  showing,
  from,
  checked,
  onChosen,
}: {
  showing: Showing
  from: TicketSession
  checked: boolean
  onChosen: () => void
}) => {
  const { t } = useTranslation('returns')
  const language = useLanguage()
  const timezone = useTimezone(showing.cinema_id)
  return (
    <label className={`${option.option} ${style.chip}`}>
      <input type="radio" name="showing" checked={checked} onChange={onChosen} />
      <span>
        {formatClock(language, showing.start_time, timezone)}
        <small>{showing.id === from.id ? t('exchange.same') : showing.hall_name}</small>
      </span>
    </label>
  )
}

/** The film's screenings in the same cinema, today's own among them: other seats are an exchange too. */
export const ExchangeShowings = ({ from, chosen, onChosen }: Props) => {
  const { t } = useTranslation('returns')
  const language = useLanguage()
  const now = useNow()
  const { data, error, refetch } = useQuery(filmShowingsQuery(from.movie_id))
  const open = (data ?? []).filter((showing) => showing.cinema_id === from.cinema_id && isAhead(showing, now))
  const days = [...Map.groupBy(open, ({ business_day }) => business_day)].toSorted(([a], [b]) => a.localeCompare(b))
  return (
    <section className={style.step} aria-labelledby="exchange-showing">
      <h2 id="exchange-showing">{t('exchange.showing')}</h2>
      {error !== null && <SectionProblem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <div className={`skeleton ${style.waiting}`} />}
      <div className={style.days}>
        {days.map(([day, showings]) => (
          <div key={day} role="radiogroup" aria-label={formatDay(language, day)}>
            <h3>{formatDay(language, day)}</h3>
            <div className={style.chips}>
              {showings.map((showing) => (
                <Chip
                  key={showing.id}
                  showing={showing}
                  from={from}
                  checked={showing.id === chosen}
                  onChosen={() => onChosen(showing.id)}
                />
              ))}
            </div>
          </div>
        ))}
      </div>
    </section>
  )
}
