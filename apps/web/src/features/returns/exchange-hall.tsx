import { Button } from '@mantine/core'
import { IconArmchair, IconList } from '@tabler/icons-react'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { HallMap } from '#features/hall/hall-map.tsx'
import { Legend } from '#features/hall/legend.tsx'
import type { PlacedSeat } from '#features/hall/plan.ts'
import { SeatList } from '#features/hall/seat-list.tsx'
import { useNames } from '#features/hall/use-names.ts'
import type { Order } from '#features/orders/api.ts'
import { toast } from '#ui/announce.ts'
import { ExchangeSum } from './exchange-sum.tsx'
import style from './returns.module.css'
import type { OwnTicket } from './ticket-picks.tsx'
import { useNewSeats } from './use-new-seats.ts'

type Props = { order: Order; orderKey: string | undefined; session_id: number; picked: OwnTicket[] }

/** The new seats, one for each ticket, on the same map as when buying. */
export const ExchangeHall = ({ order, orderKey, session_id, picked }: Props) => {
  const { t } = useTranslation(['returns', 'hall'])
  const { hall, plan, store, seats, toggle } = useNewSeats(session_id, picked.length)
  const [list, setList] = useState(false)
  const { full } = useNames(hall.currency)
  const onSeat = useCallback(
    (seat: PlacedSeat) => {
      const look = store.look(seat.id)
      if (look === 'held' || look === 'sold' || look === 'blocked')
        toast(t('hall:notice.unavailable', { state: t(`hall:state.${look}`) }))
      else toggle(seat)
    },
    [store, t, toggle],
  )
  const Icon = list ? IconArmchair : IconList
  return (
    <section className={style.step} aria-labelledby="exchange-seats">
      <div className={style.tools}>
        <h2 id="exchange-seats">{t('exchange.seats', { count: picked.length })}</h2>
        <Button variant="default" size="sm" leftSection={<Icon size={20} aria-hidden />} onClick={() => setList(!list)}>
          {t(list ? 'hall:view.map' : 'hall:view.list')}
        </Button>
      </div>
      <div className={style.stage}>
        {list ? (
          <SeatList plan={plan} store={store} name={full} currency={hall.currency} onSeat={onSeat} />
        ) : (
          <HallMap plan={plan} store={store} name={full} onSeat={onSeat} chosen={null} />
        )}
      </div>
      <Legend plan={plan} currency={hall.currency} />
      <ExchangeSum order={order} orderKey={orderKey} session_id={session_id} picked={picked} seats={seats} />
    </section>
  )
}
