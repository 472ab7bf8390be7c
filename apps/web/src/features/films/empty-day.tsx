import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import type { Cinema } from '#features/cinemas/api.ts'
import { addDays } from '#lib/days.ts'
import { formatDay } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import { Empty } from '#ui/empty.tsx'
import { nextShowingQuery } from './api.ts'
import { type Filters, hasFilters } from './filters.ts'

/** A day without films says where there are some. */
export const EmptyDay = ({ cinema, day, filters }: { cinema: Cinema; day: string; filters: Filters }) => {
  const { t } = useTranslation('films')
  const language = useLanguage()
  const filtered = hasFilters(filters)
  const { data: next } = useQuery({ ...nextShowingQuery(cinema.id, addDays(day, 1)), enabled: !filtered })
  if (filtered)
    return (
      <Empty title={t('empty.filtered')} hint={t('empty.filtered_hint')}>
        <ButtonLink to="." search={filters.date === undefined ? {} : { date: filters.date }} size="md">
          {t('filter.reset')}
        </ButtonLink>
      </Empty>
    )
  return (
    <Empty title={t('empty.day')} hint={t('empty.day_hint', { cinema: cinema.name })}>
      {next && (
        <ButtonLink to="." search={{ date: next.business_day }} size="md">
          {t('empty.next', { day: formatDay(language, next.business_day) })}
        </ButtonLink>
      )}
    </Empty>
  )
}
