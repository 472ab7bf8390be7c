import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { formatDistance } from '#lib/format.ts'
import { slugOf } from '#lib/slug.ts'
import { useLanguage } from '#lib/use-language.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import { cinemasQuery } from './api.ts'
import style from './cinemas-page.module.css'
import { OpeningHours } from './opening-hours.tsx'
import { byDistance } from './place.ts'
import { usePlace } from './use-place.ts'

const WAITING = 4

export const CinemasPage = () => {
  const { t } = useTranslation(['cinemas', 'common'])
  const language = useLanguage()
  const { data: cinemas, error, refetch } = useQuery(cinemasQuery)
  const { place, asking, refused, ask } = usePlace()
  return (
    <div className={`page ${style.page}`}>
      <title>{`${t('cinemas:title')} · Marquee`}</title>
      <div className={style.head}>
        <h1>{t('cinemas:title')}</h1>
        <Button size="md" variant="light" loading={asking} onClick={() => void ask()}>
          {t('cinemas:nearest_first')}
        </Button>
      </div>
      <p role="status" className={style.note}>
        {refused ? t('common:cinema.no_place') : ''}
      </p>
      {error !== null && <SectionProblem error={error} retry={() => void refetch()} />}
      <ul className={style.list}>
        {byDistance(cinemas ?? [], place).map(({ cinema, km }) => (
          <li key={cinema.id} className={style.cinema}>
            <h2>
              <Link to="/cinemas/$cinema" params={{ cinema: slugOf(cinema.id, cinema.name) }}>
                {cinema.name}
              </Link>
            </h2>
            <p>
              {cinema.city}, {cinema.address}
            </p>
            <OpeningHours cinema={cinema} />
            {km !== undefined && <p className={style.km}>{formatDistance(language, km)}</p>}
          </li>
        ))}
        {cinemas === undefined &&
          error === null &&
          Array.from({ length: WAITING }, (_, index) => <li key={index} className={`skeleton ${style.waiting}`} />)}
      </ul>
    </div>
  )
}
