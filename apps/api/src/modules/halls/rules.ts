import { invalid } from '#platform/errors.ts'
import { type HallCreate, type HallUpdate, MAX_ROWS, MAX_SEATS_PER_ROW, type SeatType } from './schemas.ts'

export type SeatDraft = {
  seat_row: string
  seat_number: number
  seat_type: SeatType
  x: number
  y: number
  rotation: number
  pair_id: number | null
}
export type SeatDrafts = { rows: number; seats_per_row: number; seats: SeatDraft[] }

type Label = { seat_row: string | number; seat_number: number }
type Layout = NonNullable<HallCreate['layout']>['seats']
type Grid = Pick<HallCreate, 'vip_rows' | 'premium_rows' | 'wheelchair_seats' | 'aisles_after'> & {
  rows: number
  seats_per_row: number
}

/** The middle of the first seat lies half a pitch from the wall. */
const MIDDLE = 0.5

export const seatLabel = ({ seat_row, seat_number }: Label) => `${seat_row}:${seat_number}`
const seatName = ({ seat_row, seat_number }: Label) => `row ${seat_row}, seat ${seat_number}`

const typesOfRows = ({ rows, vip_rows = [], premium_rows = [] }: Grid) => {
  const known = new Set(Array.from({ length: rows }, (_, index) => `${index + 1}`))
  const types = new Map<string, SeatType>()
  const mark = (field: string, seat_type: SeatType, labels: (string | number)[]) => {
    for (const [index, label] of labels.entries()) {
      if (!known.has(`${label}`)) throw invalid(`/${field}/${index}`, `The hall has no row ${label}.`, 'halls.no_such_row')
      if (types.has(`${label}`)) throw invalid(`/${field}/${index}`, `Row ${label} is named twice.`, 'halls.row_named_twice')
      types.set(`${label}`, seat_type)
    }
  }
  mark('vip_rows', 'vip', vip_rows)
  mark('premium_rows', 'premium', premium_rows)
  return types
}

const placeWheelchairs = (byLabel: Map<string, SeatDraft>, { wheelchair_seats = [] }: Grid) => {
  const place = (wanted: Label, seat_type: SeatType, pair_id: number | null, pointer: string) => {
    const seat = byLabel.get(seatLabel(wanted))
    if (!seat) throw invalid(pointer, `The hall has no ${seatName(wanted)}.`, 'halls.no_such_seat')
    if (seat.seat_type === 'wheelchair' || seat.seat_type === 'companion')
      throw invalid(pointer, `The seat is named twice: ${seatName(wanted)}.`, 'halls.duplicate_seat')
    Object.assign(seat, { seat_type, pair_id })
  }
  for (const [index, { companion_number, ...seat }] of wheelchair_seats.entries()) {
    const pair_id = companion_number === undefined ? null : index + 1
    place(seat, 'wheelchair', pair_id, `/wheelchair_seats/${index}`)
    if (companion_number !== undefined)
      place({ ...seat, seat_number: companion_number }, 'companion', pair_id, `/wheelchair_seats/${index}/companion_number`)
  }
}

/** A rectangle of seats, its rows labelled 1, 2, 3 … from the screen; an aisle is as wide as a seat. */
export const generateSeats = (grid: Grid): SeatDraft[] => {
  const { rows, seats_per_row, aisles_after = [] } = grid
  const beyond = aisles_after.findIndex((number) => number >= seats_per_row)
  if (beyond >= 0) throw invalid(`/aisles_after/${beyond}`, 'An aisle lies between two seats.', 'halls.no_such_seat')
  const typeOf = typesOfRows(grid)
  const seats = Array.from({ length: rows * seats_per_row }, (_, index): SeatDraft => {
    const [row, number] = [Math.floor(index / seats_per_row) + 1, (index % seats_per_row) + 1]
    const aisles = aisles_after.filter((after) => after < number).length
    const [x, y] = [number - MIDDLE + aisles, row - MIDDLE]
    return {
      seat_row: `${row}`,
      seat_number: number,
      seat_type: typeOf.get(`${row}`) ?? 'standard',
      x,
      y,
      rotation: 0,
      pair_id: null,
    }
  })
  placeWheelchairs(new Map(seats.map((seat) => [seatLabel(seat), seat])), grid)
  return seats
}

const PARTNER: Partial<Record<SeatType, SeatType>> = { sofa: 'sofa', companion: 'wheelchair' }

/** Two seats make a pair: the halves of a sofa, or a wheelchair place and its companion's seat. */
const requirePairs = (layout: Layout) => {
  const refuse = (index: number, reason: string) => {
    const seat = layout[index] as Layout[number]
    throw invalid(`/layout/seats/${index}/pair_id`, `${seatName(seat)}: ${reason}`, 'halls.bad_pair')
  }
  const pairs = Map.groupBy(layout.keys(), (index) => layout[index]?.pair_id ?? null)
  for (const [index, { seat_type = 'standard', pair_id = null }] of layout.entries()) {
    const partner = PARTNER[seat_type]
    if (pair_id === null) {
      if (partner) refuse(index, `a ${seat_type} needs a pair_id that it shares with a ${partner}.`)
      continue
    }
    const members = pairs.get(pair_id) ?? []
    if (members.length !== 2) refuse(index, `a pair is two seats, and pair_id ${pair_id} has ${members.length}.`)
    const other = layout[members.find((member) => member !== index) ?? index]
    if (partner && (other?.seat_type ?? 'standard') !== partner) refuse(index, `a ${seat_type} makes a pair with a ${partner}.`)
  }
}

const requireUniqueLabels = (layout: Layout) => {
  const labels = new Set<string>()
  for (const [index, seat] of layout.entries()) {
    if (labels.has(seatLabel(seat)))
      throw invalid(`/layout/seats/${index}`, `The seat is there twice: ${seatName(seat)}.`, 'halls.duplicate_seat')
    labels.add(seatLabel(seat))
  }
}

/** Seats as they were drawn. Where a drawing names no place, rows stand in their order, each centred on the longest. */
export const arrangeSeats = (layout: Layout): SeatDrafts => {
  requireUniqueLabels(layout)
  requirePairs(layout)
  const rows = Map.groupBy(layout, ({ seat_row }) => String(seat_row))
  const seats_per_row = Math.max(...rows.values().map((row) => row.length))
  if (rows.size > MAX_ROWS) throw invalid('/layout/seats', `A hall has at most ${MAX_ROWS} rows.`, 'halls.too_many_rows')
  if (seats_per_row > MAX_SEATS_PER_ROW)
    throw invalid('/layout/seats', `A row has at most ${MAX_SEATS_PER_ROW} seats.`, 'halls.row_too_long')
  const seats = [...rows].flatMap(([seat_row, row], rowIndex) =>
    row
      .toSorted((a, b) => a.seat_number - b.seat_number)
      .map((seat, index): SeatDraft => ({
        seat_row,
        seat_number: seat.seat_number,
        seat_type: seat.seat_type ?? 'standard',
        x: seat.x ?? (seats_per_row - row.length) / 2 + index + MIDDLE,
        y: seat.y ?? rowIndex + MIDDLE,
        rotation: seat.rotation ?? 0,
        pair_id: seat.pair_id ?? null,
      })),
  )
  return { rows: rows.size, seats_per_row, seats }
}

const GRID_FIELDS = ['rows', 'seats_per_row', 'vip_rows', 'premium_rows', 'wheelchair_seats', 'aisles_after'] as const

/** The seats of a new hall, from its rows or from its drawing. */
export const draftSeats = (hall: HallUpdate): SeatDrafts => {
  const { layout, rows, seats_per_row } = hall
  if (layout) {
    const both = GRID_FIELDS.find((field) => hall[field] !== undefined)
    if (both) throw invalid(`/${both}`, 'Give rows and seats_per_row, or a layout, not both.', 'halls.two_layouts')
    return arrangeSeats(layout.seats)
  }
  const missing = rows === undefined ? '/rows' : '/seats_per_row'
  if (rows === undefined || seats_per_row === undefined)
    throw invalid(missing, 'Give rows and seats_per_row, or a layout.', 'request.missing_field')
  return { rows, seats_per_row, seats: generateSeats({ ...hall, rows, seats_per_row }) }
}

type Size = { rows: number; seats_per_row: number }

/**
 * The seats that a change of the hall asks for; undefined when it asks for none. A layout is given whole: rows of a type
 * that are not named are standard. Its own size alone, as a client that sends back what it read does, changes nothing.
 */
export const draftNewSeats = (hall: Size, change: HallUpdate): SeatDrafts | undefined => {
  const { layout, rows = hall.rows, seats_per_row = hall.seats_per_row } = change
  const given = GRID_FIELDS.filter((field) => change[field] !== undefined)
  const isSameSize = rows === hall.rows && seats_per_row === hall.seats_per_row
  if (!layout && isSameSize && given.every((field) => field === 'rows' || field === 'seats_per_row')) return undefined
  return draftSeats(change)
}
