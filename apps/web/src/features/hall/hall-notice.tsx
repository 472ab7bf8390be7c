import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import type { Shape } from '#lib/api.ts'
import { slugOf } from '#lib/slug.ts'
import style from './hall-notice.module.css'
import { nearestFree } from './nearest.ts'
import type { HallPlan, PlacedSeat } from './plan.ts'
import type { SeatStore } from './seat-store.ts'
import type { SelectionRunner } from './selection-runner.ts'
import type { Notice, Selection } from './selection.ts'
import { expectedSeats } from './selection.ts'
import { useNames } from './use-names.ts'

type Props = {
  session: Shape<'Session'>
  plan: HallPlan
  store: SeatStore
  selection: Selection
  runner: SelectionRunner
  currency: string
}
type Said = { text: string; action?: ReactNode }

const CLOSED = [
  'sessions.cancelled',
  'sessions.started',
  'sessions.finished',
  'sessions.not_on_sale',
  'sessions.not_found',
] as const

/** What each refusal says, and the one tap that leads on. */
const useSaid = ({ session, plan, store, selection, runner, currency }: Props) => {
  const { t } = useTranslation('hall')
  const { short } = useNames(currency)
  const seatsOf = (ids: number[]): PlacedSeat[] => ids.flatMap((id) => plan.seats.get(id) ?? [])
  const press = (text: string, onClick: () => void) => (
    <Button size="sm" onClick={onClick}>
      {text}
    </Button>
  )

  const taken = (seat_ids: number[]): Said => {
    const [lost, ...more] = seatsOf(seat_ids)
    if (!lost || more.length > 0) return { text: t('notice.taken_several') }
    const next = nearestFree(plan, lost, store.status, expectedSeats(selection))
    const text = t('notice.taken', { seat: short(lost) })
    return next ? { text, action: press(t('notice.take_nearest', { seat: short(next) }), () => runner.add([next.id])) } : { text }
  }
  const lone = ({ wanted, seat_ids, suggested }: Extract<Notice, { kind: 'lone' }>): Said => ({
    text: t('notice.lone'),
    action: (
      <>
        {wanted.length > 0 &&
          press(t('notice.lone_both', { seats: seatsOf(seat_ids).map(short).join('; ') }), () =>
            runner.add([...wanted, ...seat_ids]),
          )}
        {suggested.length > 0 &&
          press(t('notice.lone_fix', { seats: seatsOf(suggested).map(short).join('; ') }), () => runner.add(suggested))}
      </>
    ),
  })
  const over = (seat_ids: number[]): Said => {
    // The map may still call them held: by nobody but the hold that has just ended.
    const free = seat_ids.filter((id) => store.status(id) === 'free' || store.status(id) === 'held')
    if (seat_ids.length === 0) return { text: t('notice.expired') }
    if (free.length < seat_ids.length) return { text: `${t('notice.expired')} ${t('notice.expired_gone')}` }
    return { text: t('notice.expired'), action: press(t('notice.expired_again'), () => runner.add(seat_ids)) }
  }
  const priced = (seat_ids: number[], amount: number): Said => {
    const price = money(amount, currency)
    return {
      text: t('notice.price', { seats: seatsOf(seat_ids).map(short).join('; '), price }),
      action: press(t('notice.price_take', { price }), () => runner.add(seat_ids)),
    }
  }
  const closed = ({ code, released }: Extract<Notice, { kind: 'closed' }>): Said => ({
    text: released ? t('closed.released') : t(`closed.${CLOSED.find((known) => known === code) ?? 'other'}`),
    action: (
      <Link to="/films/$film" params={{ film: slugOf(session.movie_id, session.movie_title) }} hash="showings">
        {t('closed.way_on')}
      </Link>
    ),
  })
  const paying = (): Said => ({
    text: t('notice.paying'),
    action: selection.order && (
      <Link to="/pay/$reference" params={{ reference: selection.order.reference }}>
        {t('notice.paying_go')}
      </Link>
    ),
  })

  return (notice: Notice): Said => {
    switch (notice.kind) {
      case 'taken':
        return taken(notice.seat_ids)
      case 'lone':
        return lone(notice)
      case 'expired':
        return over(notice.seat_ids)
      case 'closed':
        return closed(notice)
      case 'price':
        return priced(notice.seat_ids, notice.amount)
      case 'paying':
        return paying()
      case 'limit':
        return { text: t('notice.limit', { limit: notice.limit }) }
      case 'offline':
        return { text: t('notice.offline'), action: press(t('notice.retry'), () => runner.retry(notice.intent)) }
      case 'sofa':
      case 'companion':
      case 'none_together':
      case 'failed':
      default:
        return { text: t(`notice.${notice.kind}`) }
    }
  }
}

/** Says what happened where the person is; always in the page, so that readers hear it. */
export const HallNotice = (props: Props) => {
  const { t } = useTranslation('hall')
  const say = useSaid(props)
  const { notice } = props.selection
  const said = notice ? say(notice) : undefined
  return (
    <div role="status" aria-live="polite" className={style.place}>
      {said && (
        <div className={style.notice}>
          <p>{said.text}</p>
          {said.action}
          {notice?.kind !== 'closed' && (
            <button type="button" className={style.close} onClick={props.runner.dismiss} aria-label={t('notice.close')}>
              ×
            </button>
          )}
        </div>
      )}
    </div>
  )
}
