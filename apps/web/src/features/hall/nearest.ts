import type { HallPlan, PlacedSeat } from './plan.ts'
import type { SeatStatus } from './types.ts'

/** Another row is worse than the same distance along one's own. */
const ROW_WEIGHT = 1.6
const OTHER_TYPE = 10_000

/** The free seat most like the one that was lost: of its kind before all others, then the nearest. */
export const nearestFree = (
  plan: HallPlan,
  lost: PlacedSeat,
  statusOf: (id: number) => SeatStatus,
  except: ReadonlySet<number> = new Set(),
): PlacedSeat | undefined => {
  const distance = (seat: PlacedSeat) =>
    Math.hypot(seat.cx - lost.cx, (seat.cy - lost.cy) * ROW_WEIGHT) + (seat.seat_type === lost.seat_type ? 0 : OTHER_TYPE)
  const alone = new Set(['wheelchair', 'companion'])
  let best: PlacedSeat | undefined
  for (const seat of plan.seats.values()) {
    if (seat.id === lost.id || except.has(seat.id) || statusOf(seat.id) !== 'free') continue
    // A place for a wheelchair is nobody's substitute, nor is another seat a substitute for it.
    if (alone.has(seat.seat_type) !== alone.has(lost.seat_type)) continue
    if (!best || distance(seat) < distance(best)) best = seat
  }
  return best
}
