import { memo, useMemo, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import type { NameSeat } from './hall-plan.tsx'
import type { HallPlan, PlacedSeat, PlanRow } from './plan.ts'
import style from './seat-list.module.css'
import type { SeatLook, SeatStore } from './seat-store.ts'

type Shared = { store: SeatStore; name: NameSeat; currency: string; onSeat: (seat: PlacedSeat) => void }

const refuses = new Set<SeatLook>(['held', 'sold', 'blocked'])

const Chip = memo(({ seat, store, name, currency, onSeat }: Shared & { seat: PlacedSeat }) => {
  const subscribe = useMemo(() => store.subscribe(seat.id), [store, seat.id])
  const look = useSyncExternalStore(subscribe, () => store.look(seat.id))
  const mine = look === 'mine' || look === 'marking'
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={mine}
      aria-disabled={refuses.has(look)}
      aria-label={name(seat, look)}
      className={style.chip}
      data-look={look}
      onClick={() => onSeat(seat)}
    >
      <b>
        {mine ? '✓ ' : ''}
        {seat.seat_number}
      </b>
      <span>{refuses.has(look) ? '—' : money(seat.price, currency)}</span>
    </button>
  )
})
Chip.displayName = 'Chip'

const Row = ({ row, ...shared }: Shared & { row: PlanRow }) => {
  const { t } = useTranslation('hall')
  const { store } = shared
  const free = useSyncExternalStore(store.watch, () => row.seats.filter(({ id }) => store.look(id) === 'free').length)
  return (
    <details className={style.row} open={free > 0}>
      <summary>
        <h2>{t('seat.row', { row: row.label })}</h2> <span>{t('list.free', { count: free })}</span>
      </summary>
      <div className={style.chips} role="group" aria-label={t('seat.row', { row: row.label })}>
        {row.seats.map((seat) => (
          <Chip key={seat.id} seat={seat} {...shared} />
        ))}
      </div>
    </details>
  )
}

/** The same hall without the picture. */
export const SeatList = ({ plan, ...shared }: Shared & { plan: HallPlan }) => (
  <div className={style.list}>
    {plan.rows.map((row) => (
      <Row key={row.label} row={row} {...shared} />
    ))}
  </div>
)
