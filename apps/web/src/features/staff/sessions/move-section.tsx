import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Switch } from '#features/account/fields.tsx'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import { momentAt, wallTime } from '#lib/wall-time.ts'
import { Dialog } from '#ui/dialog.tsx'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { DeskRefusal } from '../desk-refusal.tsx'
import { Figures } from '../figures.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { type MovePreview, moveScreening, previewMove, type Screening } from './api.ts'
import { NoticeField, noticeIn } from './notice-field.tsx'

const Affected = ({ preview, timezone }: { preview: MovePreview; timezone: string }) => {
  const { t } = useTranslation('desk')
  const time = (moment: string) => formatShowing(moment, timezone)
  const { clash, overlaps } = preview
  return (
    <>
      <p>
        <s>{time(preview.old.start_time)}</s> → <b>{time(preview.new.start_time)}</b>
      </p>
      <Figures
        of={[
          [t('cancel.holders'), preview.holders],
          [t('cancel.orders'), preview.orders],
          [t('cancel.paid'), preview.tickets.paid],
          [t('cancel.held'), preview.tickets.held || undefined],
        ]}
      />
      {clash && (
        <p className={style.note}>
          {t('move.clash', { title: clash.movie_title, from: time(clash.start_time), to: time(clash.end_time) })}
        </p>
      )}
      {overlaps.length > 0 && <p className={style.note}>{t('move.overlaps', { count: overlaps.length })}</p>}
    </>
  )
}

type FormProps = { of: Screening; preview: MovePreview; timezone: string; onClose: () => void }

const MoveForm = ({ of: one, preview, timezone, onClose }: FormProps) => {
  const { t } = useTranslation('desk')
  const [agreed, setAgreed] = useState(false)
  const [notice, setNotice] = useState('')
  const { busy, error, work } = useWork(['staff', 'screening'], ['staff', 'screenings'])
  const concerned = preview.orders > 0
  const isOpen = !preview.clash && (!concerned || agreed)
  const move = async () => {
    if (!isOpen) return
    const done = await work(
      () => moveScreening(one.id, { start_time: preview.new.start_time, ...noticeIn(notice) }),
      t('move.done'),
    )
    if (done) onClose()
  }
  return (
    <Form className={style.form} onSubmit={move}>
      <Affected preview={preview} timezone={timezone} />
      {concerned ? (
        <>
          <NoticeField value={notice} onChange={setNotice} />
          <Switch
            label={t('move.agree', { count: preview.holders })}
            hint={
              preview.free_cancellation_until === null
                ? t('move.agree_hint')
                : t('move.agree_until', { time: formatShowing(preview.free_cancellation_until, timezone) })
            }
            checked={agreed}
            onChange={setAgreed}
          />
        </>
      ) : (
        <p>{t('move.nobody')}</p>
      )}
      <DeskRefusal error={error} />
      <Button type="submit" loading={busy} disabled={!isOpen}>
        {t('move.submit')}
      </Button>
      <Button variant="default" onClick={onClose}>
        {t('move.keep')}
      </Button>
    </Form>
  )
}

/** Another time. Nothing is changed before it stands there whom it concerns. */
export const MoveSection = ({ of: one }: { of: Screening }) => {
  const { t } = useTranslation('desk')
  const timezone = useTimezone(one.cinema_id)
  const [start, setStart] = useState(() => wallTime(one.start_time, timezone))
  const [preview, setPreview] = useState<MovePreview>()
  const { busy, error, work } = useWork()
  const moment = momentAt(start, timezone)
  const isSame = moment === undefined || Date.parse(moment) === Date.parse(one.start_time)
  const look = async () => {
    if (moment === undefined || isSame) return
    setPreview(await work(() => previewMove(one.id, { start_time: moment })))
  }
  return (
    <section className={style.section} aria-labelledby="move">
      <h2 id="move">{t('move.title')}</h2>
      <p className={style.soft}>{t('move.text')}</p>
      <Form className={style.form} onSubmit={look}>
        <Field
          label={t('move.start')}
          hint={t('move.start_hint')}
          type="datetime-local"
          value={start}
          onChange={({ target }) => setStart(target.value)}
        />
        <DeskRefusal error={error} />
        <div className={style.buttons}>
          <Button type="submit" variant="default" loading={busy} disabled={isSame}>
            {t('move.preview')}
          </Button>
        </div>
      </Form>
      <Dialog title={t('move.sure')} open={preview !== undefined} onClose={() => setPreview(undefined)} wide>
        {preview && <MoveForm of={one} preview={preview} timezone={timezone} onClose={() => setPreview(undefined)} />}
      </Dialog>
    </section>
  )
}
