import { Button } from '@mantine/core'
import { IconCurrentLocation, IconMapPin } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { formatDistance } from '#lib/format.ts'
import { slugOf } from '#lib/slug.ts'
import { useLanguage } from '#lib/use-language.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import { cinemasQuery } from './api.ts'
import { useCinema } from './choice.ts'
import style from './cinemas-page.module.css'
import { OpeningHours } from './opening-hours.tsx'
import { byDistance, type CinemaNearby } from './place.ts'
import { usePlace } from './use-place.ts'

const WAITING = 4

/** One tap anywhere on it opens the cinema: what it is called, how far, where, and whether its doors are open. */
const Card = ({ cinema, km, isMine }: CinemaNearby & { isMine: boolean }) => {
  const { t } = useTranslation('common')
  const language = useLanguage()
  return (
    <li className={style.cinema} data-mine={isMine}>
      {isMine && <p className={style.mine}>{t('cinema.choose')}</p>}
      <h2>
        <Link to="/cinemas/$cinema" params={{ cinema: slugOf(cinema.id, cinema.name) }}>
          {cinema.name}
        </Link>
      </h2>
      {km !== undefined && <p className={style.km}>{formatDistance(language, km)}</p>}
      <p className={style.address}>
        <IconMapPin size={20} aria-hidden />
        <span>
          {cinema.address}
          <br />
          {cinema.city}
        </span>
      </p>
      <div className={style.hours}>
        <OpeningHours cinema={cinema} />
      </div>
    </li>
  )
}

export const CinemasPage = () => {
  const { t } = useTranslation(['cinemas', 'common'])
  const { cinema: mine, chosen } = useCinema()
  const { data: cinemas, error, refetch } = useQuery(cinemasQuery)
  const { place, asking, refused, ask } = usePlace()
  return (
    <div className={`page ${style.page}`}>
      <title>{`${t('cinemas:title')} · Marquee`}</title>
      <div className={style.head}>
        <h1>{t('cinemas:title')}</h1>
        <Button
          size="md"
          variant="light"
          leftSection={<IconCurrentLocation size={20} aria-hidden />}
          loading={asking}
          onClick={() => void ask()}
        >
          {t('cinemas:nearest_first')}
        </Button>
      </div>
      <p role="status" className={style.note}>
        {refused ? t('common:cinema.no_place') : ''}
      </p>
      {error !== null && <SectionProblem error={error} retry={() => void refetch()} />}
      <ul className={style.list}>
        {byDistance(cinemas ?? [], place).map(({ cinema, km }) => (
          <Card key={cinema.id} cinema={cinema} km={km} isMine={chosen && cinema.id === mine?.id} />
        ))}
        {cinemas === undefined &&
          error === null &&
          Array.from({ length: WAITING }, (_, index) => <li key={index} className={`skeleton ${style.waiting}`} />)}
      </ul>
    </div>
  )
}
