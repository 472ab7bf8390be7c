import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { addDays, weekday } from '#lib/days.ts'
import { formatDayNumber, formatMonth, formatWeekday } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import style from './date-strip.module.css'

const THURSDAY = 4

type Props = { days: string[]; today: string; chosen: string }

/** The days of the programme; a Thursday opens a new cinema week and is set apart. */
export const DateStrip = ({ days, today, chosen }: Props) => {
  const { t } = useTranslation('films')
  const language = useLanguage()
  const strip = useRef<HTMLUListElement>(null)
  useEffect(() => {
    const list = strip.current
    const item = list?.querySelector<HTMLElement>(`[data-day="${chosen}"]`)
    if (list && item) list.scrollLeft = item.offsetLeft - list.offsetLeft - item.offsetWidth
  }, [chosen])
  const nameOf = (day: string) =>
    day === today ? t('day.today') : day === addDays(today, 1) ? t('day.tomorrow') : formatWeekday(language, day)
  return (
    <nav aria-label={t('day.choose')} className={style.nav}>
      <ul ref={strip} className={style.strip}>
        {days.map((day, index) => (
          <li key={day} data-week={index > 0 && weekday(day) === THURSDAY}>
            <Link
              to="."
              search={({ date: _date, ...rest }) => (day === days[0] ? rest : { ...rest, date: day })}
              resetScroll={false}
              activeOptions={{ exact: true }}
              className={style.day}
              data-day={day}
              data-rest={weekday(day) > 5}
              aria-current={day === chosen ? 'date' : undefined}
            >
              <span className={style.name}>{nameOf(day)}</span>
              <span className={style.number}>{formatDayNumber(day)}</span>
              <span className={style.name}>{formatMonth(language, day)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
