import type { PlanSeat } from '#modules/halls/service.ts'

export type Seat = Pick<PlanSeat, 'id' | 'seat_row' | 'seat_number' | 'seat_type' | 'x' | 'y' | 'pair_id'>

/**
 * Standard, premium and VIP seats stand side by side and are sold one by one. The others have manners of their own:
 * nobody is led to them unasked, and beside them a row goes no further.
 */
type Kind = 'ordinary' | 'wheelchair' | 'companion' | 'sofa'

/** Seats of one kind, side by side in one row without an aisle between them. */
export type Block = { kind: Kind; seats: Seat[] }

export type Layout = {
  byId: Map<number, Seat>
  blocks: Block[]
  placeOf: Map<number, { block: Block; index: number }>
  /** The other half of a sofa, the wheelchair place of a companion's seat and the other way round. */
  partnerOf: Map<number, Seat>
  /** How far each seat is from the best one, in seat pitches. */
  distanceOf: Map<number, number>
  /** The rows' labels from the screen to the back. */
  rows: string[]
}

/** Coordinates are seat pitches; what is wider than this is an aisle. */
const AISLE = 1.5
/** A row of wide seats has wide gaps everywhere; fewer than these say nothing about it. */
const FEWEST_GAPS = 3
/** Picture and sound are tuned for the middle, two thirds of the way from the first row to the last. */
const FOCAL_DEPTH = 2 / 3

export const kindOf = ({ seat_type }: Pick<Seat, 'seat_type'>): Kind =>
  seat_type === 'wheelchair' || seat_type === 'companion' || seat_type === 'sofa' ? seat_type : 'ordinary'

const gapBetween = (a: Seat, b: Seat) => Math.hypot(a.x - b.x, a.y - b.y)

const pitchOf = (row: Seat[]): number => {
  const gaps = row.slice(1).map((seat, index) => gapBetween(row[index] as Seat, seat))
  const middle = gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 1
  return gaps.length < FEWEST_GAPS ? 1 : Math.max(1, middle)
}

const blocksOf = (row: Seat[]): Block[] => {
  const widest = pitchOf(row) * AISLE
  const blocks: Block[] = []
  for (const seat of row) {
    const block = blocks.at(-1)
    const last = block?.seats.at(-1)
    if (block && last && block.kind === kindOf(seat) && gapBetween(last, seat) <= widest) block.seats.push(seat)
    else blocks.push({ kind: kindOf(seat), seats: [seat] })
  }
  return blocks
}

const bounds = (values: number[]) => [Math.min(...values), Math.max(...values)] as const

const distancesOf = (seats: readonly Seat[]) => {
  const [left, right] = bounds(seats.map(({ x }) => x))
  const [front, back] = bounds(seats.map(({ y }) => y))
  const focus = { x: (left + right) / 2, y: front + (back - front) * FOCAL_DEPTH }
  return new Map(seats.map(({ id, x, y }) => [id, Math.hypot(x - focus.x, y - focus.y)]))
}

const partnersOf = (seats: readonly Seat[]) => {
  const pairs = Map.groupBy(
    seats.filter(({ pair_id }) => pair_id !== null),
    ({ pair_id }) => pair_id,
  )
  const partners = new Map<number, Seat>()
  for (const [one, other] of pairs.values()) {
    if (!one || !other) continue
    partners.set(one.id, other)
    partners.set(other.id, one)
  }
  return partners
}

const read = (seats: readonly Seat[]): Layout => {
  const rows = Map.groupBy(seats, ({ seat_row }) => seat_row)
  const depth = new Map([...rows].map(([label, row]) => [label, row.reduce((sum, { y }) => sum + y, 0) / row.length]))
  const blocks = [...rows.values()].flatMap((row) => blocksOf(row.toSorted((a, b) => a.x - b.x || a.id - b.id)))
  return {
    byId: new Map(seats.map((seat) => [seat.id, seat])),
    blocks,
    placeOf: new Map(blocks.flatMap((block) => block.seats.map((seat, index) => [seat.id, { block, index }]))),
    partnerOf: partnersOf(seats),
    distanceOf: distancesOf(seats),
    rows: [...rows.keys()].toSorted((a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0)),
  }
}

const known = new WeakMap<readonly Seat[], Layout>()

/** Who stands beside whom in a hall; read once for each plan. */
export const layoutOf = (seats: readonly Seat[]): Layout => {
  const layout = known.get(seats) ?? read(seats)
  known.set(seats, layout)
  return layout
}
