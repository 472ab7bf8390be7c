import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Trouble } from '#features/account/trouble.tsx'
import type { Cinema } from '#features/cinemas/api.ts'
import { isApiError } from '#lib/api.ts'
import { useLanguage } from '#lib/use-language.ts'
import { Empty } from '#ui/empty.tsx'
import { Form } from '#ui/form.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useAccess, useMay } from '../access.ts'
import { useMyCinemas } from '../my-cinemas.tsx'
import { useFormWords } from '../prices/use-form-words.ts'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { WaitingRows } from '../waiting-rows.tsx'
import { changePromotion, createPromotion, type Promotion, promotionQuery } from './api.ts'
import { DryRun } from './dry-run.tsx'
import { PromotionFields } from './promotion-fields.tsx'
import { PromotionState } from './promotion-state.tsx'
import { bodyOf, emptyPromotion, valuesOf } from './promotion-values.ts'
import { Running } from './running.tsx'

type EditorProps = { promotion: Promotion | undefined; cinemas: Cinema[] }

const HOME = 'Europe/Kyiv'

const Editor = ({ promotion, cinemas }: EditorProps) => {
  const { t } = useTranslation(['promotions', 'staff'])
  const navigate = useNavigate()
  const { cinema_ids } = useAccess()
  const timezone = cinemas[0]?.timezone ?? HOME
  const [values, setValues] = useState(() => (promotion ? valuesOf(promotion, timezone) : emptyPromotion(cinema_ids ?? [])))
  const { busy, error, work } = useWork(['staff', 'promotions'])
  const { at, whole } = useFormWords(error)
  const save = async () => {
    const body = bodyOf(values, timezone)
    // A new one does not run before somebody has seen what it would do.
    const saved = await work(
      () => (promotion ? changePromotion(promotion.id, body) : createPromotion({ ...body, kind: values.kind, is_active: false })),
      t(promotion ? 'promotions:changed' : 'promotions:created'),
    )
    if (saved && !promotion) await navigate({ to: '/staff/promotions/$promotion_id', params: { promotion_id: String(saved.id) } })
  }
  return (
    <Form className={style.form} onSubmit={save}>
      <PromotionFields
        values={values}
        put={(part) => setValues((now) => ({ ...now, ...part }))}
        at={at}
        isNew={promotion === undefined}
      />
      <Trouble>{whole}</Trouble>
      <p className={style.soft}>{t(promotion ? 'promotions:consequence' : 'promotions:starts_stopped')}</p>
      <div className={style.buttons}>
        <Button type="submit" loading={busy}>
          {t(promotion ? 'staff:user.save' : 'promotions:create')}
        </Button>
      </div>
    </Form>
  )
}

const Frame = ({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) => {
  const { t } = useTranslation('staff')
  return (
    <div className={style.page}>
      <title>{`${title} · Marquee`}</title>
      <Link to="/staff/promotions" className={style.back}>
        ← {t('nav.promotions')}
      </Link>
      <header className={style.head}>
        <div>
          <h1>{title}</h1>
          {about}
        </div>
      </header>
      {children}
    </div>
  )
}

const Known = ({ id }: { id: number }) => {
  const { t } = useTranslation(['promotions', 'staff'])
  const language = useLanguage()
  const cinemas = useMyCinemas()
  const { data, error, refetch } = useQuery(promotionQuery(id))
  const missing = isApiError(error) && (error.status === 404 || error.status === 422)
  return (
    <Frame title={data?.names[language] ?? t('staff:nav.promotions')} about={data && <PromotionState promotion={data} />}>
      {missing && <Empty title={t('promotions:missing')} hint={t('promotions:missing_hint')} />}
      {error && !missing && !data && <SectionProblem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows />}
      {data && cinemas && (
        <>
          <div className={style.sections}>
            <DryRun promotion={data} />
            <Running promotion={data} />
          </div>
          <Editor key={data.updated_at} promotion={data} cinemas={cinemas} />
        </>
      )}
    </Frame>
  )
}

const New = () => {
  const { t } = useTranslation('promotions')
  const cinemas = useMyCinemas()
  return <Frame title={t('create')}>{cinemas ? <Editor promotion={undefined} cinemas={cinemas} /> : <WaitingRows />}</Frame>
}

export const NewPromotionPage = () => (useMay('promotions.write') ? <New /> : <NotYours />)

export const PromotionPage = () => {
  const { promotion_id } = useParams({ from: '/staff/promotions/$promotion_id' })
  return useMay('promotions.write') ? <Known key={promotion_id} id={Number(promotion_id)} /> : <NotYours />
}
