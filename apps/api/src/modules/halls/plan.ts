import { LRUCache } from 'lru-cache'

import type { Db } from '#platform/db/kysely.ts'
import { hallNotFound } from './errors.ts'
import * as repository from './repository.ts'
import type { PlanSeat } from './repository.ts'
import { seatLabel } from './rules.ts'

export type { PlanSeat } from './repository.ts'

/** A hall as a booking sees it: its seats that can be sold, by id and by label (`row:number`). */
export type SeatPlan = {
  hall: NonNullable<Awaited<ReturnType<typeof repository.findPlanHall>>>
  seats: PlanSeat[]
  byId: Map<number, PlanSeat>
  byLabel: Map<string, PlanSeat>
}

const MAX_CACHED_SEATS = 250_000

/**
 * Plans by hall and version, read once per process. A plan is never read inside a transaction: the embedded
 * database has one connection, and a miss would wait for it for ever.
 */
export const createPlans = ({ db }: { db: Db }) => {
  const read = async (hall_id: number): Promise<SeatPlan> => {
    const [hall, seats] = await Promise.all([repository.findPlanHall(db, hall_id), repository.listPlanSeats(db, hall_id)])
    if (!hall) throw hallNotFound()
    return {
      hall,
      seats,
      byId: new Map(seats.map((seat) => [seat.id, seat])),
      byLabel: new Map(seats.map((seat) => [seatLabel(seat), seat])),
    }
  }
  const plans = new LRUCache<string, SeatPlan, number>({
    maxSize: MAX_CACHED_SEATS,
    sizeCalculation: ({ seats }) => seats.length + 1,
    fetchMethod: (_key, _stale, { context }) => read(context),
    // A plan that is pushed out while it is being read still answers those who wait for it.
    ignoreFetchAbort: true,
  })

  return (hall_id: number, version: string): Promise<SeatPlan> => plans.forceFetch(`${hall_id}:${version}`, { context: hall_id })
}
