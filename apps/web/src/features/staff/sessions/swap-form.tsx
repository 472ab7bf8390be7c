import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useFilmTitle } from '#features/films/film-title.tsx'
import { money } from '#features/orders/money.ts'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import { isApiError } from '#lib/api.ts'
import { Form } from '#ui/form.tsx'
import { DeskRefusal } from '../desk-refusal.tsx'
import desk from '../desk.module.css'
import { Figures } from '../figures.tsx'
import style from '../staff.module.css'
import { isTyped, TypedWord } from '../typed-word.tsx'
import { useWork } from '../use-work.ts'
import { type Screening, swapHall, type SwapPreview } from './api.ts'
import { NoticeField, noticeIn } from './notice-field.tsx'
import { SwapPlan } from './swap-plan.tsx'

type Unplaced = 'refund' | 'refuse'
const CHOICES: readonly Unplaced[] = ['refuse', 'refund']

const UnplacedChoice = ({ value, onChange }: { value: Unplaced | undefined; onChange: (value: Unplaced) => void }) => {
  const { t } = useTranslation('desk')
  return (
    <fieldset className={desk.radios}>
      <legend>{t('swap.unplaced_what')}</legend>
      {CHOICES.map((choice) => (
        <label key={choice}>
          <input type="radio" name="unplaced" checked={value === choice} onChange={() => onChange(choice)} />
          {t(`swap.unplaced_${choice}`)}
        </label>
      ))}
    </fieldset>
  )
}

const Sum = ({ preview }: { preview: SwapPreview }) => {
  const { t } = useTranslation('desk')
  const { counts, holds, blocked } = preview
  return (
    <>
      <p>
        {preview.old_hall.name} ({preview.capacity.old}) → <b>{preview.new_hall.name}</b> ({preview.capacity.new})
      </p>
      <Figures
        of={[
          [t('swap.tickets'), counts.tickets],
          [t('swap.placed'), counts.placed],
          [t('swap.unplaced'), counts.unplaced],
          [t('swap.better'), counts.better || undefined],
          [t('swap.lesser'), counts.lesser || undefined],
          [t('swap.dropped'), holds.dropped || undefined],
          [t('swap.released'), blocked.released || undefined],
          [t('swap.back'), money(preview.refund_total, preview.currency)],
        ]}
      />
      {preview.inside.length > 0 && <p className={style.note}>{t('swap.inside', { count: preview.inside.length })}</p>}
    </>
  )
}

/** What stands in the hall's way at that time: as it is, the swap would be refused. */
const Clash = ({ of: { cinema_id }, clash }: { of: Screening; clash: NonNullable<SwapPreview['clash']> }) => {
  const { t } = useTranslation('desk')
  const timezone = useTimezone(cinema_id)
  const time = (moment: string) => formatShowing(moment, timezone)
  return (
    <p className={style.note}>
      {t('swap.clash', { title: clash.movie_title, from: time(clash.start_time), to: time(clash.end_time) })}
    </p>
  )
}

type Props = { of: Screening; preview: SwapPreview; again: () => unknown; onClose: () => void }

export const SwapForm = ({ of: one, preview, again, onClose }: Props) => {
  const { t } = useTranslation('desk')
  const title = useFilmTitle(one)
  const [key] = useState(() => crypto.randomUUID())
  const [unplaced, setUnplaced] = useState<Unplaced | undefined>(preview.counts.unplaced === 0 ? 'refuse' : undefined)
  const [typed, setTyped] = useState('')
  const [notice, setNotice] = useState('')
  const { busy, error, setError, work } = useWork(['staff', 'screening'], ['staff', 'screenings'])
  const isFinal = unplaced === 'refund'
  const isPossible = !preview.clash && preview.inside.length === 0
  const isOpen = unplaced !== undefined && isPossible && (!isFinal || isTyped(typed, title))
  const outdated = isApiError(error) && error.code === 'sessions.changed'
  const swap = async () => {
    if (!isOpen) return
    const body = { hall_id: preview.new_hall.id, unplaced, expected_version: preview.expected_version, ...noticeIn(notice) }
    const done = await work(() => swapHall(one.id, key, body), t('swap.done'))
    if (done) onClose()
  }
  const choose = (choice: Unplaced) => {
    setUnplaced(choice)
    // What was refused was the other choice.
    setError(undefined)
  }
  return (
    <Form className={style.form} onSubmit={swap}>
      {preview.clash && <Clash of={one} clash={preview.clash} />}
      <Sum preview={preview} />
      {preview.seats.length > 0 && <SwapPlan preview={preview} />}
      {preview.counts.unplaced > 0 && <UnplacedChoice value={unplaced} onChange={choose} />}
      <p>{t(preview.counts.tickets > 0 ? 'swap.consequence' : 'swap.nobody')}</p>
      {preview.counts.tickets > 0 && <NoticeField value={notice} onChange={setNotice} />}
      {isFinal && <TypedWord word={title} value={typed} onChange={setTyped} />}
      <DeskRefusal error={error} />
      {outdated && (
        <Button variant="default" onClick={() => void again()}>
          {t('swap.again')}
        </Button>
      )}
      <Button type="submit" loading={busy} disabled={!isOpen} {...(isFinal && { color: 'danger' })}>
        {isFinal ? t('swap.submit_money', { amount: money(preview.refund_total, preview.currency) }) : t('swap.submit')}
      </Button>
      <Button variant="default" onClick={onClose}>
        {t('swap.keep')}
      </Button>
    </Form>
  )
}
