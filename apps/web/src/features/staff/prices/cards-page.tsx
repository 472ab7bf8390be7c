import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

import type { Cinema } from '#features/cinemas/api.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import { Empty } from '#ui/empty.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from '../access.ts'
import desk from '../desk.module.css'
import { CinemaPick, useCinema } from '../my-cinemas.tsx'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { useListKeys } from '../use-list-keys.ts'
import { WaitingRows } from '../waiting-rows.tsx'
import { cardsQuery } from './api.ts'
import { CardTable } from './card-table.tsx'
import { PricePreview } from './price-preview.tsx'
import { PricesNav } from './prices-nav.tsx'

const Cards = ({ cinema }: { cinema: Cinema }) => {
  const { t } = useTranslation('prices')
  const { data: cards, error, refetch } = useQuery(cardsQuery(cinema.id))
  if (error && !cards) return <SectionProblem error={error} retry={() => void refetch()} />
  if (!cards) return <WaitingRows />
  if (cards.length === 0)
    return (
      <Empty title={t('cards.none')} hint={t('cards.none_hint')}>
        <ButtonLink to="/staff/prices/new" search={{ cinema: String(cinema.id) }}>
          {t('cards.create')}
        </ButtonLink>
      </Empty>
    )
  const retired = cards.filter(({ is_active }) => !is_active)
  return (
    <>
      <CardTable cards={cards.filter(({ is_active }) => is_active)} currency={cinema.currency} />
      {retired.length > 0 && (
        <details className={desk.more}>
          <summary>{t('cards.retired', { count: retired.length })}</summary>
          <CardTable cards={retired} currency={cinema.currency} />
        </details>
      )}
    </>
  )
}

const Prices = () => {
  const { t } = useTranslation(['prices', 'staff'])
  const page = useRef<HTMLDivElement>(null)
  const search = useSearch({ from: '/staff/prices/' })
  const navigate = useNavigate({ from: '/staff/prices/' })
  const cinema = useCinema(search.cinema)
  useListKeys(page)
  return (
    <div className={style.page} ref={page}>
      <title>{`${t('staff:nav.prices')} · Marquee`}</title>
      <header className={style.head}>
        <h1>{t('staff:nav.prices')}</h1>
        {cinema && (
          <ButtonLink to="/staff/prices/new" search={{ cinema: String(cinema.id) }}>
            {t('cards.create')}
          </ButtonLink>
        )}
      </header>
      <PricesNav cinema={search.cinema} />
      <div className={desk.pick}>
        <CinemaPick value={cinema?.id} onChange={(id) => void navigate({ search: { cinema: id }, replace: true })} />
      </div>
      {cinema && <PricePreview key={cinema.id} cinema={cinema} />}
      <h2>{t('cards.title')}</h2>
      {cinema ? <Cards cinema={cinema} /> : <WaitingRows />}
    </div>
  )
}

export const PricesPage = () => (useMay('prices.write') ? <Prices /> : <NotYours />)
