import type { SeatType } from '#platform/db/types.gen.ts'
import type { Random } from './random.ts'

export type SeatPlace = {
  id: number
  hall_id: number
  seat_row: string
  seat_number: number
  seat_type: SeatType
  pair_id: number | null
  x: number
  y: number
}

type Point = { x: number; y: number }
type Block = { seats: SeatPlace[]; score: number }

/** Neighbours further apart than this have an aisle between them. */
const NEIGHBOUR_PITCHES = 1.6
const ROW_WEIGHT = 1.6
const SCATTER = 6
const SPLIT_PENALTY = 5
const ACCESS_PENALTY = 6
const GROUP_SIZES = [1, 2, 2, 2, 2, 2, 3, 3, 4, 4]

const isAccess = ({ seat_type }: SeatPlace) => seat_type === 'wheelchair' || seat_type === 'companion'

const sitTogether = (a: SeatPlace, b: SeatPlace) =>
  a.seat_row === b.seat_row &&
  Math.hypot(b.x - a.x, b.y - a.y) < NEIGHBOUR_PITCHES &&
  (a.seat_type === b.seat_type || (isAccess(a) && isAccess(b)))

/** Stretches of a row that people can fill side by side. */
const toRuns = (seats: SeatPlace[]): SeatPlace[][] => {
  const runs: SeatPlace[][] = []
  for (const seat of seats) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last && sitTogether(last, seat)) run.push(seat)
    else runs.push([seat])
  }
  return runs
}

const keepsPairs = (block: SeatPlace[]) =>
  block.every(({ id, pair_id }) => pair_id === null || block.some((other) => other.pair_id === pair_id && other.id !== id))

/** Leaves a lonely free seat beside the block, which real buyers are steered away from. */
const leavesSingle = (run: SeatPlace[], from: number, size: number, taken: Set<number>) => {
  const free = (index: number) => {
    const seat = run[index]
    return seat !== undefined && !taken.has(seat.id)
  }
  return (free(from - 1) && !free(from - 2)) || (free(from + size) && !free(from + size + 1))
}

const bestBlock = (
  runs: SeatPlace[][],
  size: number,
  taken: Set<number>,
  focal: Point,
  random: Random,
): SeatPlace[] | undefined => {
  let best: Block | undefined
  for (const run of runs)
    for (let from = 0; from + size <= run.length; from += 1) {
      const seats = run.slice(from, from + size)
      if (seats.some(({ id }) => taken.has(id)) || !keepsPairs(seats)) continue
      const distance = seats.reduce((sum, { x, y }) => sum + Math.hypot(x - focal.x, (y - focal.y) * ROW_WEIGHT), 0) / size
      const penalty = (leavesSingle(run, from, size, taken) ? SPLIT_PENALTY : 0) + (seats.some(isAccess) ? ACCESS_PENALTY : 0)
      const score = distance + penalty + random.next() * SCATTER
      if (!best || score < best.score) best = { seats, score }
    }
  return best?.seats
}

/** Seats of one hall, in row order, as small parties would take them: together, the best places first. */
export const planParties = (seats: SeatPlace[], focal: Point, share: number, random: Random): SeatPlace[][] => {
  const runs = toRuns(seats)
  const taken = new Set<number>()
  const parties: SeatPlace[][] = []
  while (taken.size < seats.length * share) {
    const wished = GROUP_SIZES[random.int(0, GROUP_SIZES.length - 1)] ?? 1
    const party =
      bestBlock(runs, wished, taken, focal, random) ??
      bestBlock(runs, 1, taken, focal, random) ??
      bestBlock(runs, 2, taken, focal, random)
    if (!party) return parties
    parties.push(party)
    for (const { id } of party) taken.add(id)
  }
  return parties
}
