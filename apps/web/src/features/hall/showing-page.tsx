import { Button } from '@mantine/core'
import { IconArmchair, IconList } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { announce, toast } from '#ui/announce.ts'
import { Basket } from './basket.tsx'
import { BestSeats } from './best-seats.tsx'
import { HallMap } from './hall-map.tsx'
import { HallNotice } from './hall-notice.tsx'
import { Legend } from './legend.tsx'
import { pairOf, type PlacedSeat } from './plan.ts'
import { SeatList } from './seat-list.tsx'
import { heldSeats } from './selection.ts'
import { ShowingHead } from './showing-head.tsx'
import style from './showing.module.css'
import { useHall, type HallParts } from './use-hall.ts'
import { useNames } from './use-names.ts'

/** Says each seat that has become mine or is mine no more, with the new total. */
const useAnnouncements = ({ plan, selection, hall }: HallParts) => {
  const { t } = useTranslation('hall')
  const { place } = useNames(hall.currency)
  const before = useRef(new Set<number>())
  const told = useRef(0)
  useEffect(() => {
    const now = new Set(heldSeats(selection).keys())
    const total = money(selection.order?.total ?? 0, hall.currency)
    const name = (id: number) => {
      const seat = plan.seats.get(id)
      return seat ? place(seat) : ''
    }
    const gained = now.difference(before.current)
    const lost = before.current.difference(now)
    const cost = selection.order?.total ?? 0
    const isOther = told.current !== cost
    before.current = now
    told.current = cost
    if (gained.size > 0) announce(t('said.held', { seat: [...gained].map(name).join(', '), total }))
    else if (lost.size > 0 && selection.notice?.kind !== 'expired' && selection.notice?.kind !== 'closed')
      announce(t('said.released', { seat: [...lost].map(name).join(', '), total }))
    else if (isOther && lost.size === 0 && now.size > 0) announce(t('said.total', { total }))
  }, [selection, plan, place, t, hall.currency])
}

/** A tap takes the seat, or a whole sofa; a taken one is told to be so. */
const useTap = ({ plan, store, runner }: HallParts) => {
  const { t } = useTranslation('hall')
  return useCallback(
    (seat: PlacedSeat) => {
      const look = store.look(seat.id)
      if (look === 'held' || look === 'sold' || look === 'blocked') {
        toast(t('notice.unavailable', { state: t(`state.${look}`) }))
        return
      }
      const together = seat.seat_type === 'sofa' ? pairOf(plan, seat) : [seat]
      runner.tap(together.map(({ id }) => id))
    },
    [plan, store, runner, t],
  )
}

const ViewButton = ({ list, setList }: { list: boolean; setList: (list: boolean) => void }) => {
  const { t } = useTranslation('hall')
  const Icon = list ? IconArmchair : IconList
  return (
    <Button variant="default" size="sm" className={style.view ?? ''} onClick={() => setList(!list)}>
      <Icon size={20} aria-hidden />
      <span className={style.viewWord}>{t(list ? 'view.map' : 'view.list')}</span>
    </Button>
  )
}

/** The hall of one showing: choose, hold, go on to pay. */
export const ShowingPage = () => {
  const { session_id } = useParams({ from: '/showing/$session_id' })
  return <Showing key={session_id} session_id={Number(session_id)} />
}

const Showing = ({ session_id }: { session_id: number }) => {
  const { t } = useTranslation('hall')
  const parts = useHall(session_id)
  const { plan, store, runner, selection, hall, session, connected } = parts
  const [list, setList] = useState(false)
  const names = useNames(hall.currency, runner)
  const onSeat = useTap(parts)
  useAnnouncements(parts)
  const shared = { plan, selection, runner, currency: hall.currency }
  return (
    <div className={`page ${style.showing}`}>
      <div className={style.first}>
        <ShowingHead session={session} />
        <div className={style.tools}>
          <BestSeats onTake={runner.best} busy={selection.queue.some(({ kind }) => kind === 'best')} />
          <ViewButton list={list} setList={setList} />
        </div>
        <div className={style.prices} aria-hidden="true">
          <Legend plan={plan} currency={hall.currency} brief />
        </div>
        <div className={style.stage}>
          <HallNotice store={store} session={session} {...shared} />
          {list ? (
            <SeatList plan={plan} store={store} name={names.full} currency={hall.currency} onSeat={onSeat} />
          ) : (
            <HallMap plan={plan} store={store} name={names.full} onSeat={onSeat} chosen={selection.chosen} />
          )}
        </div>
        {(selection.order !== null || selection.notice?.kind !== 'closed') && (
          <Basket {...shared} charges={hall.charges} types={hall.ticket_types} />
        )}
      </div>
      <div className={style.legend}>
        <Legend plan={plan} currency={hall.currency} />
        {!connected && <p className={style.lagging}>{t('live.lost')}</p>}
      </div>
    </div>
  )
}
