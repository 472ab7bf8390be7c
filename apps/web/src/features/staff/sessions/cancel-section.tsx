import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useFilmTitle } from '#features/films/film-title.tsx'
import { money } from '#features/orders/money.ts'
import { Dialog } from '#ui/dialog.tsx'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { DeskRefusal } from '../desk-refusal.tsx'
import { Figures } from '../figures.tsx'
import style from '../staff.module.css'
import { isTyped, TypedWord } from '../typed-word.tsx'
import { useWork } from '../use-work.ts'
import { WaitingRows } from '../waiting-rows.tsx'
import { type CancelPreview, cancelPreviewQuery, cancelScreening, type Screening } from './api.ts'
import { NoticeField, noticeIn } from './notice-field.tsx'

/** Signs, as the API takes them. */
const MOST_REASON = 200

const Affected = ({ preview }: { preview: CancelPreview }) => {
  const { t } = useTranslation('desk')
  const sum = (amount: number) => money(amount, preview.currency)
  return (
    <>
      <Figures
        of={[
          [t('cancel.holders'), preview.holders],
          [t('cancel.orders'), preview.orders],
          [t('cancel.paid'), preview.tickets.paid],
          [t('cancel.held'), preview.tickets.held || undefined],
          [t('cancel.used'), preview.tickets.used || undefined],
          [t('cancel.back'), sum(preview.refund_total)],
        ]}
      />
      {preview.refunds.length > 0 && (
        <ul className={style.list}>
          {preview.refunds.map(({ provider, method, orders, amount }) => (
            <li key={`${provider} ${method}`}>
              <b>{sum(amount)}</b>
              <span>{t('cancel.where', { method: t(`method.${method as 'card'}`), count: orders })}</span>
            </li>
          ))}
        </ul>
      )}
      {preview.in_flight.payments > 0 && (
        <p className={style.note}>
          {t('cancel.in_flight', { count: preview.in_flight.payments, amount: sum(preview.in_flight.amount) })}
        </p>
      )}
      {preview.tickets.used > 0 && <p className={style.note}>{t('cancel.inside', { count: preview.tickets.used })}</p>}
    </>
  )
}

const CancelForm = ({ of: one, preview, onClose }: { of: Screening; preview: CancelPreview; onClose: () => void }) => {
  const { t } = useTranslation('desk')
  const title = useFilmTitle(one)
  const [key] = useState(() => crypto.randomUUID())
  const [reason, setReason] = useState('')
  const [notice, setNotice] = useState('')
  const [typed, setTyped] = useState('')
  const { busy, error, work } = useWork(['staff', 'screening'], ['staff', 'screenings'])
  const concerned = preview.orders > 0 || preview.pending_orders > 0
  const isSure = !concerned || isTyped(typed, title)
  const cancel = async () => {
    if (!isSure) return
    const why = { ...(reason.trim() !== '' && { reason: reason.trim() }), ...noticeIn(notice) }
    const done = await work(() => cancelScreening(one.id, key, why), t('cancel.done'))
    if (done) onClose()
  }
  return (
    <Form className={style.form} onSubmit={cancel}>
      <Affected preview={preview} />
      <p>{t(concerned ? 'cancel.consequence' : 'cancel.nobody')}</p>
      <Field
        label={t('cancel.reason')}
        hint={t('cancel.reason_hint')}
        maxLength={MOST_REASON}
        autoComplete="off"
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      {preview.orders > 0 && <NoticeField value={notice} onChange={setNotice} />}
      {concerned && <TypedWord word={title} value={typed} onChange={setTyped} />}
      <DeskRefusal error={error} />
      <Button type="submit" color="danger" loading={busy} disabled={!isSure}>
        {preview.refund_total > 0
          ? t('cancel.submit_money', { amount: money(preview.refund_total, preview.currency) })
          : t('cancel.submit')}
      </Button>
      <Button variant="default" onClick={onClose}>
        {t('cancel.keep')}
      </Button>
    </Form>
  )
}

const Preview = ({ of: one, onClose }: { of: Screening; onClose: () => void }) => {
  const { data, error, refetch } = useQuery(cancelPreviewQuery(one.id))
  if (error && !data) return <SectionProblem error={error} retry={() => void refetch()} />
  return data ? <CancelForm of={one} preview={data} onClose={onClose} /> : <WaitingRows rows={3} />
}

/** The end of a screening: whom it concerns stands there before it is done. */
export const CancelSection = ({ of: one }: { of: Screening }) => {
  const { t } = useTranslation('desk')
  const [asking, setAsking] = useState(false)
  const close = () => setAsking(false)
  return (
    <section className={style.section} aria-labelledby="cancel">
      <h2 id="cancel">{t('cancel.title')}</h2>
      <p className={style.soft}>{t('cancel.text')}</p>
      <Button variant="outline" color="danger" onClick={() => setAsking(true)}>
        {t('cancel.open')}
      </Button>
      <Dialog title={t('cancel.sure')} open={asking} onClose={close} wide>
        <Preview of={one} onClose={close} />
      </Dialog>
    </section>
  )
}
