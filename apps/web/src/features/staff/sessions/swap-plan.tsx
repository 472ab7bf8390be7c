import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Switch } from '#features/account/fields.tsx'
import { money } from '#features/orders/money.ts'
import desk from '../desk.module.css'
import style from '../staff.module.css'
import type { SwapPreview } from './api.ts'

type Move = SwapPreview['seats'][number]

const ORDER = { unplaced: 0, lesser: 1, better: 2, same: 3 } as const
const fateOf = ({ new_seat, fit }: Move) => (new_seat === null || fit === null ? 'unplaced' : fit)

const TONES = { unplaced: 'inactive', lesser: 'waiting', better: 'active', same: 'plain' } as const

const MoveRow = ({ move, currency }: { move: Move; currency: string }) => {
  const { t } = useTranslation(['desk', 'hall'])
  const fate = fateOf(move)
  const place = (seat: Move['old_seat']) =>
    `${t('hall:seat.place', { row: seat.seat_row, seat: seat.seat_number })}, ${t(`hall:type.${seat.seat_type}`)}`
  return (
    <li className={desk.result}>
      <span>{place(move.old_seat)}</span>
      <span aria-hidden="true">→</span>
      <b>{move.new_seat === null ? t('desk:swap.nowhere') : place(move.new_seat)}</b>
      <span className={style.state} data-state={TONES[fate]}>
        {[
          ...(fate === 'unplaced' ? [] : [t(`desk:fit.${fate}`)]),
          ...(move.refund > 0 ? [t('desk:swap.gets_back', { amount: money(move.refund, currency) })] : []),
        ].join(' · ')}
      </span>
    </li>
  )
}

/** Old seat beside new seat. Those who lose something stand first, and alone when asked. */
export const SwapPlan = ({ preview: { seats, currency } }: { preview: SwapPreview }) => {
  const { t } = useTranslation('desk')
  const worse = seats.filter((move) => ORDER[fateOf(move)] <= ORDER.lesser)
  const [onlyWorse, setOnlyWorse] = useState(worse.length > 0)
  const shown = (onlyWorse ? worse : seats).toSorted((a, b) => ORDER[fateOf(a)] - ORDER[fateOf(b)])
  return (
    <section className={desk.plan} aria-labelledby="plan">
      <h3 id="plan">{t('swap.plan')}</h3>
      {worse.length > 0 && worse.length < seats.length && (
        <Switch label={t('swap.only_worse')} checked={onlyWorse} onChange={setOnlyWorse} />
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls is reached by the keyboard */}
      <ul className={`${style.list} ${desk.scroll}`} tabIndex={0} aria-labelledby="plan">
        {shown.map((move) => (
          <MoveRow key={move.ticket_id} move={move} currency={currency} />
        ))}
      </ul>
    </section>
  )
}
