import type { HallSeat, SeatMap } from './types.ts'

/** Pixels of one seat pitch at scale 1: a seat with its gap. */
export const PITCH = 40
/** Room for row labels on both sides, and around the whole. */
const LABEL_ROOM = 1.6
const EDGE = 0.9
/** The screen stands this far above the first row at most: deep stages would waste a phone's height. */
const MAX_FRONT = 2.6
const SCREEN_DROP = 0.55

type Point = { x: number; y: number }
export type PlacedSeat = HallSeat & { cx: number; cy: number; width: number; height: number }
export type PlanRow = { label: string; seats: PlacedSeat[]; left: Point; right: Point }
export type Aisle = { x1: number; y1: number; x2: number; y2: number; width: number }
export type HallPlan = {
  width: number
  height: number
  rows: PlanRow[]
  seats: Map<number, PlacedSeat>
  aisles: Aisle[]
  screen: { left: Point; middle: Point; right: Point }
  /** The first row's height: the light of the screen falls a little beyond it. */
  front: number
}

const tileWidth: Record<HallSeat['seat_type'], number> = {
  standard: 0.82,
  premium: 0.9,
  vip: 1.12,
  wheelchair: 1.08,
  companion: 0.82,
  sofa: 0.94,
}
const TILE_HEIGHT = 0.82

const isPiece = (value: unknown): value is Aisle =>
  typeof value === 'object' &&
  value !== null &&
  ['x1', 'y1', 'x2', 'y2', 'width'].every((name) => typeof (value as Record<string, unknown>)[name] === 'number')

const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / Math.max(numbers.length, 1)

/** The seats of each row from left to right, the rows from the screen back. */
const rowsOf = (seats: HallSeat[]) =>
  [...Map.groupBy(seats, ({ seat_row }) => seat_row)]
    .map(([label, row]) => ({ label, seats: row.toSorted((a, b) => a.x - b.x), depth: mean(row.map(({ y }) => y)) }))
    .toSorted((a, b) => a.depth - b.depth)

const screenOf = (map: SeatMap, left: number, right: number) => {
  const given = map['screen'] as { x?: unknown; width?: unknown } | undefined
  if (typeof given?.x === 'number' && typeof given.width === 'number') return { x: given.x, width: given.width }
  const width = (right - left) * 0.8
  return { x: left + (right - left - width) / 2, width }
}

const place = (seat: HallSeat, toX: (x: number) => number, toY: (y: number) => number): PlacedSeat => ({
  ...seat,
  cx: toX(seat.x),
  cy: toY(seat.y),
  width: tileWidth[seat.seat_type] * PITCH,
  height: TILE_HEIGHT * PITCH,
})

const labelled = (label: string, seats: PlacedSeat[], width: number): PlanRow => {
  const y = (seat: PlacedSeat | undefined) => seat?.cy ?? 0
  const margin = (LABEL_ROOM / 2) * PITCH
  return { label, seats, left: { x: margin, y: y(seats[0]) }, right: { x: width - margin, y: y(seats.at(-1)) } }
}

/** The hall as it is drawn, in pixels at scale 1; the screen is at the top. */
export const planHall = (seats: HallSeat[], map: SeatMap = {}): HallPlan => {
  const xs = seats.map(({ x }) => x)
  const ys = seats.map(({ y }) => y)
  const [left, right] = [Math.min(...xs) - 0.5, Math.max(...xs) + 0.5]
  const front = Math.min(...ys)
  const lift = Math.max(front - MAX_FRONT, 0)
  const toX = (x: number) => (x - left + LABEL_ROOM) * PITCH
  const toY = (y: number) => (y - lift + EDGE) * PITCH
  const width = (right - left + 2 * LABEL_ROOM) * PITCH
  const rows = rowsOf(seats).map(({ label, seats: row }) =>
    labelled(
      label,
      row.map((seat) => place(seat, toX, toY)),
      width,
    ),
  )
  const screen = screenOf(map, left, right)
  const [top, drop] = [toY(lift), SCREEN_DROP * PITCH]
  const aisles = Array.isArray(map['aisles']) ? map['aisles'].filter(isPiece) : []
  return {
    width,
    height: (Math.max(...ys) - lift + EDGE + 1) * PITCH,
    rows,
    seats: new Map(rows.flatMap((row) => row.seats.map((seat) => [seat.id, seat] as const))),
    aisles: aisles.map((aisle) => ({
      x1: toX(aisle.x1),
      y1: toY(aisle.y1),
      x2: toX(aisle.x2),
      y2: toY(aisle.y2),
      width: aisle.width * PITCH,
    })),
    screen: {
      left: { x: toX(screen.x), y: top + drop },
      middle: { x: toX(screen.x + screen.width / 2), y: top - drop },
      right: { x: toX(screen.x + screen.width), y: top + drop },
    },
    front: toY(front),
  }
}

/** Both halves of a sofa, a wheelchair place with its companion's seat; a seat without a pair alone. */
export const pairOf = (plan: HallPlan, seat: PlacedSeat): PlacedSeat[] =>
  seat.pair_id === null
    ? [seat]
    : (plan.rows.find(({ label }) => label === seat.seat_row)?.seats.filter(({ pair_id }) => pair_id === seat.pair_id) ?? [seat])
