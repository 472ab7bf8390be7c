import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Included } from '#features/orders/added.tsx'
import { HoldClock } from '#features/orders/hold-clock.tsx'
import { money } from '#features/orders/money.ts'
import { WhyThisPrice } from '#features/orders/why-this-price.tsx'
import style from './basket.module.css'
import { sumWith } from './charges.ts'
import type { HallPlan, PlacedSeat } from './plan.ts'
import type { SelectionRunner } from './selection-runner.ts'
import { chosenTypes, expectedSeats, heldPrices, type Selection } from './selection.ts'
import { firstType, priceFor } from './ticket-types.ts'
import { TypeChoice } from './type-choice.tsx'
import type { AvailableSeats, TypeOnSale } from './types.ts'

type Props = {
  plan: HallPlan
  selection: Selection
  runner: SelectionRunner
  currency: string
  charges: AvailableSeats['charges']
  types: TypeOnSale[]
}

type LineProps = {
  seat: PlacedSeat
  price: string
  held: boolean
  choice: ReactNode
  onDrop: () => void
}

/** Seats of one sofa stand together; each line can be given back. */
const Line = ({ seat, price, held, choice, onDrop }: LineProps) => {
  const { t } = useTranslation('hall')
  return (
    <li className={style.line} data-held={held}>
      <span className={style.place}>
        {t('seat.place', { row: seat.seat_row, seat: seat.seat_number })}
        {seat.seat_type !== 'standard' && <small>{t(`type.${seat.seat_type}`)}</small>}
      </span>
      <b>{price}</b>
      <button type="button" onClick={onDrop} aria-label={t('basket.drop', { row: seat.seat_row, seat: seat.seat_number })}>
        <IconX size={18} aria-hidden />
      </button>
      {choice}
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

const useLines = ({ plan, selection, types }: Props) => {
  const held = heldPrices(selection)
  const chosen = chosenTypes(selection)
  return [...expectedSeats(selection)]
    .flatMap((id) => plan.seats.get(id) ?? [])
    .toSorted((a, b) => a.cy - b.cy || a.cx - b.cx)
    .map((seat) => {
      const type = types.find(({ ticket_type }) => ticket_type === chosen.get(seat.id)) ?? firstType(types, seat.seat_type)
      const price = held.get(seat.id) ?? (type ? priceFor(type, seat.seat_type) : seat.price)
      return { seat, type, price, held: held.has(seat.id) }
    })
}

const Empty = () => {
  const { t } = useTranslation('hall')
  return (
    <section className={style.basket} data-empty="true" aria-label={t('basket.title')}>
      <p>{t('basket.empty')}</p>
      <p className="fine">{t('basket.no_sign_in')}</p>
    </section>
  )
}

/** What I hold and for whom, every price from the first moment, how long it is kept, and the way on. */
export const Basket = (props: Props) => {
  const { t } = useTranslation('hall')
  const { plan, selection, runner, currency, charges, types } = props
  const lines = useLines(props)
  const { order } = selection
  const mine = lines.filter(({ held }) => held).length
  const others = (order?.tickets.filter(({ status }) => status === 'reserved').length ?? 0) > mine
  const settled = selection.queue.length === 0 && order
  const sum = settled
    ? { added: order.fees + order.tax, tax: order.tax, total: order.total }
    : sumWith(
        charges,
        null,
        lines.map(({ price }) => price),
      )
  if (lines.length === 0) return <Empty />
  return (
    <section className={style.basket} aria-label={t('basket.title')}>
      <ul className={style.lines}>
        {lines.map(({ seat, type, price, held }) => (
          <Line
            key={seat.id}
            seat={seat}
            price={money(price, currency)}
            held={held}
            choice={
              <TypeChoice
                seat={seat}
                types={types}
                chosen={type}
                currency={currency}
                disabled={!held}
                onType={(ticket_type) => runner.retype(seat.id, ticket_type)}
              />
            }
            onDrop={() => runner.remove(pairIds(plan, seat))}
          />
        ))}
      </ul>
      {others && <p className="fine">{t('basket.others')}</p>}
      {order && <HoldClock key={order.id} order={order} onOrder={runner.adopt} onOver={runner.expire} />}
      <div className={style.sum}>
        <span className={style.count}>{t('basket.seats', { count: lines.length })}</span>
        <b className={style.total}>{money(sum.total, currency)}</b>
        <span className={style.fees}>
          <Included {...sum} discount={settled ? order.discount : 0} currency={currency} />
        </span>
        {settled && <WhyThisPrice order={order} />}
      </div>
      <GoOn selection={selection} />
    </section>
  )
}

const pairIds = (plan: HallPlan, seat: PlacedSeat) =>
  seat.seat_type === 'sofa' && seat.pair_id !== null
    ? [...plan.seats.values()].filter(({ pair_id }) => pair_id === seat.pair_id).map(({ id }) => id)
    : [seat.id]
