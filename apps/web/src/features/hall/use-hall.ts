import { type QueryClient, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from 'react'

import { holdBest, holdSeats, pendingOrders, releaseTicket, retypeTicket } from '#features/orders/api.ts'
import { serverOffset } from '#features/orders/server-clock.ts'
import type { Shape } from '#lib/api.ts'
import { hallOf, sessionById } from './api.ts'
import { sumWith } from './charges.ts'
import { watchHall } from './live-connection.ts'
import { planHall } from './plan.ts'
import { createSeatStore } from './seat-store.ts'
import { createSelectionRunner } from './selection-runner.ts'
import { marksOf } from './selection.ts'
import { COMPANION, firstType, priceFor } from './ticket-types.ts'
import type { AvailableSeats, Order } from './types.ts'

/** While the live map is away, the seats are asked for. */
const ASK_MS = 5000

const createParts = (session_id: number, client: QueryClient) => {
  const store = createSeatStore()
  /** As whom seats are taken at first, and what the order would cost with them, as it was shown. */
  const asShown = (held: Order | null, seat_ids: number[]) => {
    const hall = client.getQueryData(hallOf(session_id).queryKey)
    const seats = seat_ids.flatMap((id) => hall?.seats.find((seat) => seat.id === id) ?? [])
    const types = seats.flatMap(({ seat_type }) => firstType(hall?.ticket_types ?? [], seat_type) ?? [])
    if (!hall || types.length !== seat_ids.length) return {}
    const prices = types.map((type, at) => priceFor(type, seats[at]?.seat_type ?? 'standard'))
    return {
      ticket_types: types.map(({ ticket_type }) => ticket_type),
      expected_total: sumWith(hall.charges, held, prices).total,
    }
  }
  const runner = createSelectionRunner(session_id, {
    hold: ({ held, ...wanted }) => holdSeats({ session_id, ...wanted, ...asShown(held, wanted.seat_ids) }),
    best: (wanted) => holdBest({ session_id, ...wanted }),
    release: releaseTicket,
    retype: retypeTicket,
  })
  // Seats are marked before anything else hears of a tap.
  runner.subscribe(() => store.mark(marksOf(runner.state())))
  return { store, runner }
}

/**
 * What is drawn of a hall, each seat at the price at which a tap takes it. It stays the same object while only states change:
 * taking a seat draws no plan anew.
 */
const drawnOf = ({ hall, seats, ticket_types }: AvailableSeats) => {
  const company = firstType(ticket_types, COMPANION)
  return {
    map: hall.seat_map,
    seats: seats.map(({ status: _, ...seat }) =>
      company && seat.seat_type === COMPANION ? { ...seat, price: priceFor(company, COMPANION) } : seat,
    ),
  }
}

/** Why nothing can be chosen here, as the API would say it. */
const closedAs = ({ status, start_time }: Shape<'Session'>): string | undefined => {
  if (status === 'cancelled' || status === 'finished') return `sessions.${status}`
  return Date.parse(start_time) <= Date.now() + serverOffset() ? 'sessions.started' : undefined
}

/** The hall of a session as this visitor sees it: plan, live seats, own selection. */
export const useHall = (session_id: number) => {
  const client = useQueryClient()
  const [connected, setConnected] = useState(false)
  const refetchInterval = connected ? false : ASK_MS
  const { data: session } = useSuspenseQuery({ ...sessionById(session_id), refetchInterval })
  const { data: hall } = useSuspenseQuery({ ...hallOf(session_id), refetchInterval })
  const [{ store, runner }] = useState(() => createParts(session_id, client))
  const { data: drawn } = useSuspenseQuery({ ...hallOf(session_id), select: drawnOf })
  const plan = useMemo(() => planHall(drawn.seats, drawn.map), [drawn])
  // The basket and what is said may come a frame after the mark on the seat.
  const selection = useDeferredValue(useSyncExternalStore(runner.subscribe, runner.state))
  const { data: pending } = useQuery(pendingOrders())

  useEffect(() => {
    if (!connected) store.replace(hall.seats.map(({ id, status }) => [id, status]))
  }, [hall, store, connected])

  useEffect(() => {
    const [first] = plan.rows[Math.floor(plan.rows.length / 2)]?.seats ?? []
    if (!plan.seats.has(store.current()) && first) store.moveTo(first.id)
  }, [plan, store])

  useEffect(() => {
    const code = closedAs(session)
    if (code === undefined) return
    runner.close(code)
    void client.invalidateQueries({ queryKey: ['orders'] })
  }, [session, runner, client])

  const said = selection.notice?.kind
  useEffect(() => {
    if (said === 'price') void client.invalidateQueries({ queryKey: hallOf(session_id).queryKey })
  }, [said, session_id, client])

  useEffect(() => {
    const mine = pending?.find(({ tickets }) =>
      tickets.some((ticket) => ticket.session_id === session_id && ticket.status === 'reserved'),
    )
    if (pending) runner.adopt(mine ?? null)
  }, [pending, runner, session_id])

  useEffect(
    () =>
      watchHall(session_id, store, {
        onSession: () => void client.invalidateQueries({ queryKey: ['sessions', session_id] }),
        onConnected: setConnected,
      }),
    [session_id, store, client],
  )

  return { session, hall, plan, store, runner, selection, connected }
}
export type HallParts = ReturnType<typeof useHall>
