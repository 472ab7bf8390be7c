import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'

import { hallOf } from '#features/hall/api.ts'
import { watchHall } from '#features/hall/live-connection.ts'
import { pairOf, planHall, type HallPlan, type PlacedSeat } from '#features/hall/plan.ts'
import { createSeatStore } from '#features/hall/seat-store.ts'

const NONE: ReadonlySet<number> = new Set()

/** So many seats at most: the one that was chosen first makes room for the newest. */
export const withSeats = (chosen: number[], seats: number[], most: number): number[] =>
  seats.every((id) => chosen.includes(id))
    ? chosen.filter((id) => !seats.includes(id))
    : [...chosen.filter((id) => !seats.includes(id)), ...seats].slice(-most)

const inOrder = (plan: HallPlan, ids: number[]): PlacedSeat[] =>
  ids.flatMap((id) => plan.seats.get(id) ?? []).toSorted((a, b) => a.cy - b.cy || a.cx - b.cx)

/** A hall in which seats are only marked: they are taken when the exchange is agreed to. */
export const useNewSeats = (session_id: number, most: number) => {
  const client = useQueryClient()
  const { data: hall } = useSuspenseQuery(hallOf(session_id))
  const [store] = useState(createSeatStore)
  const [ids, setIds] = useState<number[]>([])
  const plan = useMemo(() => planHall(hall.seats, hall.hall.seat_map), [hall])

  useEffect(() => {
    store.replace(hall.seats.map(({ id, status }) => [id, status]))
    const [first] = plan.rows[Math.floor(plan.rows.length / 2)]?.seats ?? []
    if (!plan.seats.has(store.current()) && first) store.moveTo(first.id)
  }, [hall, plan, store])
  useEffect(() => store.mark({ mine: new Set(ids), marking: NONE, leaving: NONE }), [ids, store])
  useEffect(
    () =>
      watchHall(session_id, store, {
        onSession: () => void client.invalidateQueries({ queryKey: ['sessions', session_id] }),
        onConnected: () => undefined,
      }),
    [session_id, store, client],
  )

  const toggle = useCallback(
    (seat: PlacedSeat) => {
      const together = seat.seat_type === 'sofa' && most > 1 ? pairOf(plan, seat) : [seat]
      setIds((before) =>
        withSeats(
          before,
          together.map(({ id }) => id),
          most,
        ),
      )
    },
    [plan, most],
  )
  return { hall, plan, store, seats: inOrder(plan, ids), toggle }
}
