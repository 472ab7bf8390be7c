import type { SeatType } from '#modules/halls/schemas.ts'
import { type Block, kindOf, type Layout, type Seat } from './layout.ts'
import { hasOrdinaryLeft, loneBeside } from './rules.ts'

export type BestWish = { count: number; seat_type?: SeatType | undefined }
export type Best = { seats: Seat[]; together: boolean }

/**
 * How a chooser keeps out of the way of others: it draws from so many of the best places instead of taking the very
 * best, at which all of them aim.
 */
export type Spread = { places: number; draw: (below: number) => number }
const THE_BEST: Spread = { places: 1, draw: () => 0 }

/** What is sold at once: a seat, or the two of a sofa. */
type Unit = { seats: Seat[]; row: string; x: number; distance: number }
type Place = { units: Unit[]; score: number }

const SOFA_SEATS = 2

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

const unitOf = ({ distanceOf }: Layout, seats: Seat[]): Unit => ({
  seats,
  row: seats[0]?.seat_row ?? '',
  x: mean(seats.map(({ x }) => x)),
  distance: mean(seats.map(({ id }) => distanceOf.get(id) ?? 0)),
})

/** Free units that stand side by side. */
const stretchesOf = (layout: Layout, block: Block, isWanted: (seat: Seat) => boolean): Unit[][] => {
  const stretches: Unit[][] = [[]]
  const { seats } = block
  for (let index = 0; index < seats.length; index += 1) {
    const seat = seats[index] as Seat
    const next = seats[index + 1]
    const isSofa = next !== undefined && layout.partnerOf.get(seat.id)?.id === next.id
    const unit = block.kind !== 'sofa' ? [seat] : isSofa ? [seat, next] : []
    if (unit.length > 0 && unit.every(isWanted)) stretches.at(-1)?.push(unitOf(layout, unit))
    else stretches.push([])
    if (unit.length === SOFA_SEATS) index += 1
  }
  return stretches.filter(({ length }) => length > 0)
}

const windows = (units: Unit[], length: number, scoreOf: (units: Unit[]) => number): Place[] =>
  Array.from({ length: Math.max(0, units.length - length + 1) }, (_, start) => {
    const window = units.slice(start, start + length)
    return { units: window, score: scoreOf(window) }
  })

const idsOf = (units: Unit[]) => units.flatMap(({ seats }) => seats.map(({ id }) => id))

/** One of the best places; those it draws from share no seat. */
const drawFrom = (places: Place[], spread: Spread, isFine: (place: Place) => boolean): Place | undefined => {
  const [drawn, seen]: [Place[], Set<number>] = [[], new Set()]
  for (const place of places) {
    if (drawn.length === spread.places) break
    const ids = idsOf(place.units)
    if (ids.some((id) => seen.has(id)) || !isFine(place)) continue
    drawn.push(place)
    for (const id of ids) seen.add(id)
  }
  return drawn[spread.draw(drawn.length)]
}

const byScore = (places: Place[]) => places.toSorted((a, b) => a.score - b.score)
const nearness = (units: Unit[]) => mean(units.map(({ distance }) => distance))
const width = (units: Unit[]) => Math.max(...units.map(({ x }) => x)) - Math.min(...units.map(({ x }) => x))

/** So many in two rows, one behind the other, or on both sides of an aisle: as close to each other as to the best seat. */
const acrossRows = ({ rows }: Layout, units: Unit[], count: number): Place[] => {
  const inRow = Map.groupBy(units, ({ row }) => row)
  return byScore(
    rows.flatMap((row, index) => {
      const two = [row, rows[index + 1] ?? ''].flatMap((label) => inRow.get(label) ?? []).toSorted((a, b) => a.x - b.x)
      return windows(two, count, (window) => nearness(window) + width(window))
    }),
  )
}

const anywhere = (units: Unit[], count: number, { places, draw }: Spread): Unit[] => {
  const near = units.toSorted((a, b) => a.distance - b.distance).slice(0, count + places - 1)
  return Array.from({ length: count }, () => near.splice(draw(near.length), 1)).flat()
}

/**
 * The best free seats: side by side with nobody left alone; else side by side; else in two neighbouring rows; else
 * anywhere; each time the nearest to the best seat of the hall. Wheelchair places, companions' seats and sofas are for those who
 * ask for them. When there are too few it says how many there are.
 */
export const chooseBest = (
  layout: Layout,
  occupied: ReadonlySet<number>,
  { count, seat_type }: BestWish,
  spread: Spread = THE_BEST,
): Best | { available: number } => {
  const isWanted = (seat: Seat) =>
    !occupied.has(seat.id) && (seat_type === undefined ? kindOf(seat) === 'ordinary' : seat.seat_type === seat_type)
  const isKept = seat_type === 'companion' && hasOrdinaryLeft(layout, new Set(), occupied)
  const stretches = isKept ? [] : layout.blocks.flatMap((block) => stretchesOf(layout, block, isWanted))
  const units = stretches.flat()
  const size = seat_type === 'sofa' ? SOFA_SEATS : 1
  const [wanted, available] = [Math.ceil(count / size), units.length * size]
  if (units.length < wanted) return { available }

  const seatsOf = (chosen: Unit[]) => chosen.flatMap(({ seats }) => seats).toSorted((a, b) => a.y - b.y || a.x - b.x)
  const together = byScore(stretches.flatMap((stretch) => windows(stretch, wanted, nearness)))
  const leavesNobody = (place: Place) => loneBeside(layout, new Set(idsOf(place.units)), occupied).length === 0
  const side = drawFrom(together, spread, leavesNobody) ?? drawFrom(together, spread, () => true)
  if (side) return { seats: seatsOf(side.units), together: true }
  const rows = drawFrom(acrossRows(layout, units, wanted), spread, () => true)
  return { seats: seatsOf(rows?.units ?? anywhere(units, wanted, spread)), together: false }
}
