import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import type { Cinema } from '#features/cinemas/api.ts'
import { addDays, businessDay, weekday } from '#lib/days.ts'
import { capitalized, formatDay } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { Field } from '#ui/field.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import desk from '../desk.module.css'
import style from '../staff.module.css'
import { FORMATS, type Format, type Preview, previewQuery } from './api.ts'
import { PreviewGrid } from './preview-grid.tsx'

const FRIDAY = 5
const EVENING = '20:00'

/** The evening that prices are argued about. */
const nextFriday = (timezone: string) => {
  const today = businessDay(new Date(), timezone)
  return addDays(today, (FRIDAY - weekday(today) + 7) % 7)
}

const Answer = ({ preview }: { preview: Preview }) => {
  const { t } = useTranslation('prices')
  const { card } = preview
  if (card === null) return <p className={style.note}>{t('preview.no_card')}</p>
  return (
    <>
      <p>
        {t('preview.by')}{' '}
        <Link to="/staff/prices/$card_id" params={{ card_id: String(card.id) }}>
          {card.name}
        </Link>
      </p>
      <PreviewGrid preview={preview} />
    </>
  )
}

/** What a buyer pays on a day at an hour, with every fee, before anybody has to buy it to find out. */
export const PricePreview = ({ cinema }: { cinema: Cinema }) => {
  const { t } = useTranslation('prices')
  const language = useLanguage()
  const [date, setDate] = useState(() => nextFriday(cinema.timezone))
  const [time, setTime] = useState(EVENING)
  const [format, setFormat] = useState<Format>('2d')
  const { data, error, refetch } = useQuery({
    ...previewQuery({ cinema_id: cinema.id, date, time, format }),
    enabled: date !== '' && time !== '',
    placeholderData: keepPreviousData,
  })
  return (
    <section className={style.section} aria-labelledby="preview">
      <h2 id="preview">{t('preview.title')}</h2>
      <div className={desk.asks}>
        <Field
          label={t('preview.day')}
          hint={date === '' ? undefined : capitalized(formatDay(language, date))}
          type="date"
          value={date}
          onChange={({ target }) => setDate(target.value)}
        />
        <Field
          label={t('preview.time')}
          hint={t('preview.time_hint')}
          type="time"
          value={time}
          onChange={({ target }) => setTime(target.value)}
        />
        <Choice
          label={t('preview.format')}
          value={format}
          options={FORMATS.map((one) => [one, t(`formats.${one}`)])}
          onChange={(value) => setFormat(FORMATS.find((one) => one === value) ?? '2d')}
        />
      </div>
      <div aria-live="polite" className={desk.answer}>
        {error && !data && <SectionProblem error={error} retry={() => void refetch()} />}
        {data && <Answer preview={data} />}
        {!data && !error && <div className="skeleton" />}
      </div>
    </section>
  )
}
