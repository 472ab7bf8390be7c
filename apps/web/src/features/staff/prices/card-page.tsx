import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Cinema } from '#features/cinemas/api.ts'
import { isApiError } from '#lib/api.ts'
import { businessDay } from '#lib/days.ts'
import { Empty } from '#ui/empty.tsx'
import { Form } from '#ui/form.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from '../access.ts'
import { useCinema, useMyCinemas } from '../my-cinemas.tsx'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { WaitingRows } from '../waiting-rows.tsx'
import { cardQuery, changeCard, createCard, type PriceCard } from './api.ts'
import { CardClash } from './card-clash.tsx'
import { CardFields } from './card-form.tsx'
import { bodyOf, emptyCard, valuesOf } from './card-values.ts'
import { RetireCard } from './retire-card.tsx'
import { useFormWords } from './use-form-words.ts'

type EditorProps = { cinema: Cinema; card: PriceCard | undefined }

const Editor = ({ cinema, card }: EditorProps) => {
  const { t } = useTranslation(['prices', 'staff'])
  const navigate = useNavigate()
  const [values, setValues] = useState(() => (card ? valuesOf(card) : emptyCard(businessDay(new Date(), cinema.timezone))))
  const { busy, error, work } = useWork(['staff', 'prices'])
  const { at, whole } = useFormWords(error)
  const save = async () => {
    const body = bodyOf(values)
    const saved = await work(
      () => (card ? changeCard(card.id, body) : createCard({ ...body, cinema_id: cinema.id })),
      t(card ? 'prices:card.changed' : 'prices:card.created'),
    )
    if (saved) await navigate({ to: '/staff/prices', search: { cinema: String(cinema.id) } })
  }
  return (
    <Form className={style.form} onSubmit={save}>
      <CardFields values={values} put={(part) => setValues((now) => ({ ...now, ...part }))} at={at} currency={cinema.currency} />
      <CardClash error={error} whole={whole} />
      {card && <p className={style.soft}>{t('prices:card.consequence')}</p>}
      <div className={style.buttons}>
        <Button type="submit" loading={busy}>
          {t(card ? 'staff:user.save' : 'prices:cards.create')}
        </Button>
        {card?.is_active && <RetireCard card={card} />}
      </div>
    </Form>
  )
}

const Frame = ({ title, cinema, children }: { title: string; cinema: Cinema | undefined; children: React.ReactNode }) => {
  const { t } = useTranslation('staff')
  return (
    <div className={style.page}>
      <title>{`${title} · Marquee`}</title>
      <Link to="/staff/prices" search={cinema ? { cinema: String(cinema.id) } : {}} className={style.back}>
        ← {t('nav.prices')}
      </Link>
      <header className={style.head}>
        <div>
          <h1>{title}</h1>
          {cinema && <p className={style.soft}>{cinema.name}</p>}
        </div>
      </header>
      {children}
    </div>
  )
}

const NewCard = () => {
  const { t } = useTranslation('prices')
  const { cinema: named } = useSearch({ from: '/staff/prices/new' })
  const cinema = useCinema(named)
  return (
    <Frame title={t('card.new')} cinema={cinema}>
      {cinema ? <Editor cinema={cinema} card={undefined} /> : <WaitingRows />}
    </Frame>
  )
}

const KnownCard = ({ id }: { id: number }) => {
  const { t } = useTranslation('prices')
  const { data: card, error, refetch } = useQuery(cardQuery(id))
  const cinema = useMyCinemas()?.find((one) => one.id === card?.cinema_id)
  const missing = isApiError(error) && (error.status === 404 || error.status === 422)
  return (
    <Frame title={card?.name ?? t('cards.card')} cinema={cinema}>
      {missing && <Empty title={t('card.missing')} hint={t('card.missing_hint')} />}
      {error && !missing && !card && <SectionProblem error={error} retry={() => void refetch()} />}
      {card && !card.is_active && <p className={style.note}>{t('card.is_retired')}</p>}
      {card && cinema && <Editor key={card.updated_at} card={card} cinema={cinema} />}
      {!card && !error && <WaitingRows />}
    </Frame>
  )
}

export const NewCardPage = () => (useMay('prices.write') ? <NewCard /> : <NotYours />)

export const CardPage = () => {
  const { card_id } = useParams({ from: '/staff/prices/$card_id' })
  return useMay('prices.write') ? <KnownCard key={card_id} id={Number(card_id)} /> : <NotYours />
}
