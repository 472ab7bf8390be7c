import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { formatShowing, useTimezone } from '#features/orders/place.ts'
import { useLanguage } from '#lib/use-language.ts'
import { formatStamp } from '../format-stamp.ts'
import style from '../staff.module.css'
import { changesQuery, type Screening } from './api.ts'

/** What has been done to a screening, newest first as the server tells it. */
export const Changes = ({ of: { id, cinema_id } }: { of: Screening }) => {
  const { t } = useTranslation('desk')
  const language = useLanguage()
  const timezone = useTimezone(cinema_id)
  const { data = [] } = useQuery(changesQuery(id))
  if (data.length === 0) return null
  const time = (moment: string | null) => (moment === null ? '–' : formatShowing(moment, timezone))
  return (
    <section className={style.section} aria-labelledby="changes">
      <h2 id="changes">{t('changes.title')}</h2>
      <ul className={style.list}>
        {data.map((change) => (
          <li key={`${change.kind} ${change.id}`}>
            <b>{t(`changes.${change.kind}`)}</b>
            {change.kind === 'moved' && `${time(change.old_start_time)} → ${time(change.new_start_time)}`}
            {change.kind === 'hall_swapped' && `${change.old_hall ?? '–'} → ${change.new_hall ?? '–'}`}
            <span>{formatStamp(language, change.created_at)}</span>
            {change.notice && <q>{change.notice}</q>}
          </li>
        ))}
      </ul>
    </section>
  )
}
