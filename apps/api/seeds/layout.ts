import type { SeatType } from '#platform/db/types.gen.ts'

/**
 * One row, or several alike. `seats` reads from left to right: `s` standard, `p` premium, `v` vip, `d` a sofa for
 * two, `wc` or `cw` a wheelchair place and its companion, `_` an aisle; a number before a letter repeats it.
 */
type RowSpec = { seats: string; times?: number; gap_before?: number; radius?: number }

export type LayoutSpec = {
  /** From the screen to the first row, and from row to row, in seat pitches. */
  front: number
  pitch: number
  /** Of the first row's arc, the rows behind share its centre; straight rows without it. A row's own radius is taken as it is. */
  radius?: number
  align?: string
  rows: RowSpec[]
}

type Point = { x: number; y: number }
type Seat = Point & { seat_row: string; seat_number: number; seat_type: SeatType; rotation: number; pair_id: number | null }

type Piece = { x1: number; y1: number; x2: number; y2: number; width: number }

type Layout = {
  rows: number
  seats_per_row: number
  seats: Seat[]
  seat_map: {
    /** Middle lines in straight pieces, to be drawn `width` wide. */
    aisles: Piece[]
    /** The left end and the width of the screen. */
    screen: Point & { width: number }
    focal_point: Point
  }
}

type Cell = { type: SeatType | 'aisle' | 'space'; width: number; pair: boolean }
type PlacedRow = { y: number; radius: number; from: number; to: number; gap: number; cells: (Cell & { offset: number })[] }

const AISLE_WIDTH = 1.3
/** A smaller gap between rows is no way through. */
const AISLE_ACROSS_FROM = 1
const SCREEN_SHARE = 0.8
/** A bend smaller than this is drawn straight. */
const FLAT = 0.001
const FOCAL_DEPTH = 0.62

const seat = (type: SeatType, width: number, pair = false): Cell => ({ type, width, pair })
const space: Cell = { type: 'space', width: 0.25, pair: false }
const wheelchair = seat('wheelchair', 1.3, true)
const companion = seat('companion', 1, true)

const cellsOf: Record<string, Cell[]> = {
  s: [seat('standard', 1)],
  p: [seat('premium', 1.1)],
  v: [seat('vip', 1.35)],
  d: [space, seat('sofa', 1, true), seat('sofa', 1, true), space],
  wc: [wheelchair, companion],
  cw: [companion, wheelchair],
  _: [{ type: 'aisle', width: AISLE_WIDTH, pair: false }],
}

const round = (value: number) => Math.round(value * 1000) / 1000

const parseRow = (text: string): Cell[] =>
  [...text.matchAll(/(\d*)(wc|cw|[spvd_])/g)].flatMap(([, times, kind]) =>
    Array.from({ length: Number(times || 1) }, () => cellsOf[kind ?? ''] ?? []).flat(),
  )

/** Offsets run along the row from the hall's centre line, negative to the left. */
const placeRows = ({ front, pitch, radius = 0, align, rows }: LayoutSpec): PlacedRow[] => {
  const specs = rows.flatMap(({ times = 1, ...row }) =>
    Array.from({ length: times }, (_, index) => (index ? { ...row, gap_before: 0 } : row)),
  )
  const parsed = specs.map((row) => ({ ...row, cells: parseRow(row.seats) }))
  const widths = parsed.map(({ cells }) => cells.reduce((sum, { width }) => sum + width, 0))
  let y = front - pitch
  return parsed.map((row, index) => {
    const width = widths[index] ?? 0
    const from = align === 'left' ? -Math.max(...widths) / 2 : -width / 2
    const gap = row.gap_before ?? 0
    y += pitch + gap
    let edge = from
    const cells = row.cells.map((cell) => ({ ...cell, offset: (edge += cell.width) - cell.width / 2 }))
    return { y, radius: row.radius ?? (radius && radius + y - front), from, to: from + width, gap, cells }
  })
}

const pointOf = ({ y, radius }: { y: number; radius: number }, offset: number): Point & { rotation: number } => {
  if (!radius) return { x: offset, y, rotation: 0 }
  const angle = offset / radius
  return { x: radius * Math.sin(angle), y: y - radius * (1 - Math.cos(angle)), rotation: round((-angle * 180) / Math.PI) }
}

/** Aisles that run on from row to row are one line; one that ends or begins starts another. */
const aislesAlong = (rows: PlacedRow[]): Point[][] => {
  const lines: Point[][] = []
  let open: Point[][] = []
  for (const row of rows) {
    const points = row.cells.filter(({ type }) => type === 'aisle').map(({ offset }) => pointOf(row, offset))
    if (points.length !== open.length) {
      open = points.map(() => [])
      lines.push(...open)
    }
    points.forEach((point, index) => open[index]?.push(point))
  }
  return lines.filter((line) => line.length > 1)
}

const aislesAcross = (rows: PlacedRow[], pitch: number) =>
  rows
    .filter(({ gap }) => gap >= AISLE_ACROSS_FROM)
    .map((row) => {
      const line = { y: row.y - (pitch + row.gap) / 2, radius: row.radius }
      return { width: row.gap, points: [row.from, row.from / 2, 0, row.to / 2, row.to].map((offset) => pointOf(line, offset)) }
    })

const seatRows = (rows: PlacedRow[]): Seat[] => {
  let paired = 0
  return rows.flatMap((row, index) => {
    let number = 0
    return row.cells.flatMap(({ type, pair, offset }) => {
      if (type === 'aisle' || type === 'space') return []
      number += 1
      const pair_id = pair ? Math.floor(paired++ / 2) + 1 : null
      return [{ seat_row: String(index + 1), seat_number: number, seat_type: type, ...pointOf(row, offset), pair_id }]
    })
  })
}

const isBend = (point: Point, index: number, line: Point[]) => {
  const [before, after] = [line[index - 1], line[index + 1]]
  if (!before || !after) return true
  return Math.abs((point.x - before.x) * (after.y - point.y) - (point.y - before.y) * (after.x - point.x)) > FLAT
}

const piecesOf = (line: Point[], width: number): Piece[] => {
  const bends = line.filter(isBend)
  return bends.slice(1).map(({ x: x2, y: y2 }, index) => {
    const { x: x1, y: y1 } = bends[index] ?? { x: x2, y: y2 }
    return { x1, y1, x2, y2, width }
  })
}

/** Seats and drawing of a hall; x counts from the left edge, y from the screen, both in seat pitches. */
export const buildLayout = (spec: LayoutSpec): Layout => {
  const rows = placeRows(spec)
  const seats = seatRows(rows)
  const left = Math.min(...seats.map(({ x }) => x)) - 0.5
  const width = Math.max(...seats.map(({ x }) => x)) + 0.5 - left
  const depth = Math.max(...seats.map(({ y }) => y))
  const moved = <T extends Point>(point: T): T => ({ ...point, x: round(point.x - left), y: round(point.y) })
  const flat = (points: Point[]) => points.map(({ x, y }) => moved({ x, y }))
  const screen = width * SCREEN_SHARE
  return {
    rows: rows.length,
    seats_per_row: Math.max(...rows.map(({ cells }) => cells.filter(({ type }) => type !== 'aisle' && type !== 'space').length)),
    seats: seats.map(moved),
    seat_map: {
      aisles: [
        ...aislesAlong(rows).flatMap((points) => piecesOf(flat(points), AISLE_WIDTH)),
        ...aislesAcross(rows, spec.pitch).flatMap(({ width: across, points }) => piecesOf(flat(points), across)),
      ],
      screen: { x: round((width - screen) / 2), y: 0, width: round(screen) },
      focal_point: moved({ x: left + width / 2, y: spec.front + (depth - spec.front) * FOCAL_DEPTH }),
    },
  }
}
