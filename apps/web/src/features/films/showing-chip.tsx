import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { businessDay } from '#lib/days.ts'
import { formatClock, formatMoney, formatShortDay, languageName } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { useNow } from '#lib/use-now.ts'
import type { Showing } from './api.ts'
import { formatsOf, roomIn } from './filters.ts'
import style from './showing-chip.module.css'

type Props = { showing: Showing; timezone: string; withHall?: boolean }

/** The day on which seats can first be bought; undefined once they can. */
const saleDay = (opens_at: string | null, timezone: string, now: number) =>
  opens_at !== null && Date.parse(opens_at) > now ? businessDay(new Date(opens_at), timezone) : undefined

/** One showing as something to tap: when, how, in which language, for how much, and whether to hurry. */
export const ShowingChip = ({ showing, timezone, withHall = false }: Props) => {
  const { t } = useTranslation('films')
  const language = useLanguage()
  const now = useNow()
  const { id, start_time, end_time, base_price, currency, subtitles, hall_name } = showing
  const room = roomIn(showing)
  const opens = saleDay(showing.sales_open_at, timezone, now)
  const formats = formatsOf(showing).map((format) => t(`format.${format}`))
  return (
    <Link to="/showing/$session_id" params={{ session_id: String(id) }} className={style.chip} data-room={room}>
      <span className={style.times}>
        <time className={style.start} dateTime={start_time}>
          {formatClock(language, start_time, timezone)}
        </time>
        <span className={style.end}>
          <span className="unseen">{t('ends')}</span>
          <span aria-hidden="true">– </span>
          {formatClock(language, end_time, timezone)}
        </span>
      </span>
      <span className={style.kind}>
        {formats.map((format) => (
          <b key={format}>{format}</b>
        ))}
        <span>{languageName(language, showing.language)}</span>
        {subtitles !== null && <span>{t('subtitles', { language: languageName(language, subtitles) })}</span>}
        {withHall && <span>{hall_name}</span>}
        <span className={style.price}>{t('from_price', { price: formatMoney(language, base_price, currency) })}</span>
      </span>
      {opens !== undefined && <span className={style.room}>{t('on_sale_from', { day: formatShortDay(language, opens) })}</span>}
      {opens === undefined && room !== 'free' && <span className={style.room}>{t(`room.${room}`)}</span>}
    </Link>
  )
}
