import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { Added } from '#features/orders/added.tsx'
import { HoldClock } from '#features/orders/hold-clock.tsx'
import { money } from '#features/orders/money.ts'
import style from './basket.module.css'
import { sumWith } from './charges.ts'
import type { HallPlan, PlacedSeat } from './plan.ts'
import type { SelectionRunner } from './selection-runner.ts'
import { expectedSeats, heldPrices, type Selection } from './selection.ts'
import type { AvailableSeats } from './types.ts'

type Props = {
  plan: HallPlan
  selection: Selection
  runner: SelectionRunner
  currency: string
  charges: AvailableSeats['charges']
}

type LineProps = { seat: PlacedSeat; price: string; held: boolean; onDrop: () => void }

/** Seats of one sofa stand together; each line can be given back. */
const Line = ({ seat, price, held, onDrop }: LineProps) => {
  const { t } = useTranslation('hall')
  return (
    <li className={style.line} data-held={held}>
      <span className={style.place}>
        {t('seat.place', { row: seat.seat_row, seat: seat.seat_number })}
        <small>{t(`type.${seat.seat_type}`)}</small>
      </span>
      <b>{price}</b>
      <button type="button" onClick={onDrop} aria-label={t('basket.drop', { row: seat.seat_row, seat: seat.seat_number })}>
        <IconX size={18} aria-hidden />
      </button>
    </li>
  )
}

const GoOn = ({ selection }: { selection: Selection }) => {
  const { t } = useTranslation('hall')
  const { order, busy, queue } = selection
  if (!order) return null
  return (
    <Button
      size="lg"
      className={style.goOn ?? ''}
      data-waiting={busy || queue.length > 0}
      renderRoot={(props: Record<string, unknown>) => (
        <Link to="/pay/$reference" params={{ reference: order.reference }} {...props} />
      )}
    >
      {t('basket.go_on')}
    </Button>
  )
}

/** What I hold, every price from the first moment, how long it is kept, and the way on. */
export const Basket = ({ plan, selection, runner, currency, charges }: Props) => {
  const { t } = useTranslation('hall')
  const held = heldPrices(selection)
  const priceOf = ({ id, price }: PlacedSeat) => held.get(id) ?? price
  const seats = [...expectedSeats(selection)]
    .flatMap((id) => plan.seats.get(id) ?? [])
    .toSorted((a, b) => a.cy - b.cy || a.cx - b.cx)
  const { order } = selection
  const others = (order?.tickets.filter(({ status }) => status === 'reserved').length ?? 0) > held.size
  const settled = selection.queue.length === 0 && order
  const sum = settled
    ? { added: order.fees + order.tax, tax: order.tax, total: order.total }
    : sumWith(charges, null, seats.map(priceOf))
  if (seats.length === 0)
    return (
      <section className={style.basket} data-empty="true" aria-label={t('basket.title')}>
        <p>{t('basket.empty')}</p>
        <p className={style.soft}>{t('basket.no_sign_in')}</p>
      </section>
    )
  return (
    <section className={style.basket} aria-label={t('basket.title')}>
      <ul className={style.lines}>
        {seats.map((seat) => (
          <Line
            key={seat.id}
            seat={seat}
            price={money(priceOf(seat), currency)}
            held={held.has(seat.id)}
            onDrop={() => runner.remove(pairIds(plan, seat))}
          />
        ))}
      </ul>
      {others && <p className={style.soft}>{t('basket.others')}</p>}
      {order && <HoldClock key={order.id} order={order} onOrder={runner.adopt} onOver={runner.expire} />}
      <div className={style.sum}>
        <span className={style.soft}>{t('basket.seats', { count: seats.length })}</span>
        <b className={style.total}>{money(sum.total, currency)}</b>
        <span className={style.fees}>
          <Added {...sum} currency={currency} />
        </span>
      </div>
      <GoOn selection={selection} />
    </section>
  )
}

const pairIds = (plan: HallPlan, seat: PlacedSeat) =>
  seat.seat_type === 'sofa' && seat.pair_id !== null
    ? [...plan.seats.values()].filter(({ pair_id }) => pair_id === seat.pair_id).map(({ id }) => id)
    : [seat.id]
