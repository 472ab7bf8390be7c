import type { Layout, Seat } from './layout.ts'
import {
  bySeat,
  createSeating,
  type Level,
  type Placed,
  type Point,
  singlesIn,
  sofasIn,
  type Unit,
  wheelchairsIn,
  windowsIn,
} from './seating.ts'

export type { Fit, Placed } from './seating.ts'
/** Who came together: the seats of one order. */
export type Party = { key: number; seat_ids: readonly number[] }
export type Mapping = { placed: Placed[]; unplaced: Seat[] }

const KINDS = ['wheelchair', 'companion', 'sofa', 'run'] as const

const isCompanion = ({ seat_type }: Seat) => seat_type === 'companion'
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const centreOf = (seats: Point[]): Point => ({ x: mean(seats.map(({ x }) => x)), y: mean(seats.map(({ y }) => y)) })

const frameOf = ({ byId }: Layout) => {
  const [xs, ys] = [[...byId.values()].map(({ x }) => x), [...byId.values()].map(({ y }) => y)]
  return { left: Math.min(...xs), right: Math.max(...xs), front: Math.min(...ys), back: Math.max(...ys) }
}

/** The same place relative to the walls of another hall. */
const projection = (from: Layout, to: Layout) => {
  const [old, next] = [frameOf(from), frameOf(to)]
  const along = (value: number, [a, b]: [number, number], [c, d]: [number, number]) =>
    b === a ? (c + d) / 2 : c + ((value - a) / (b - a)) * (d - c)
  return ({ x, y }: Point): Point => ({
    x: along(x, [old.left, old.right], [next.left, next.right]),
    y: along(y, [old.front, old.back], [next.front, next.back]),
  })
}

/** Ordinary seats of one party that stand side by side. */
const runsOf = ({ placeOf }: Layout, seats: Seat[]): Seat[][] => {
  const places = seats
    .map((seat) => ({ seat, place: placeOf.get(seat.id) }))
    .toSorted((a, b) => (a.place?.block.seats[0]?.id ?? 0) - (b.place?.block.seats[0]?.id ?? 0) || bySeat(a.seat, b.seat))
  const runs: Seat[][] = []
  let last: (typeof places)[number] | undefined
  for (const one of places) {
    const isBeside = last?.place?.block === one.place?.block && (last?.place?.index ?? -2) + 1 === one.place?.index
    if (isBeside) runs.at(-1)?.push(one.seat)
    else runs.push([one.seat])
    last = one
  }
  return runs
}

const unitsOf = (from: Layout, parties: readonly Party[]): Unit[] => {
  const keyOf = new Map(parties.flatMap(({ key, seat_ids }) => seat_ids.map((id) => [id, key])))
  const seated = [...keyOf.keys()].flatMap((id) => from.byId.get(id) ?? [])
  const unitAround = (seat: Seat): Unit | undefined => {
    const partner = from.partnerOf.get(seat.id)
    const beside = partner && keyOf.has(partner.id) ? partner : undefined
    const keys = [seat, beside].map((its) => keyOf.get(its?.id ?? 0) ?? 0)
    if (seat.seat_type === 'wheelchair')
      return { kind: 'wheelchair', seats: beside?.seat_type === 'companion' ? [seat, beside] : [seat], keys }
    if (seat.seat_type === 'companion' && beside?.seat_type !== 'wheelchair') return { kind: 'companion', seats: [seat], keys }
    if (seat.seat_type !== 'sofa') return undefined
    if (beside?.seat_type !== 'sofa') return { kind: 'sofa', seats: [seat], keys }
    return seat.id < beside.id ? { kind: 'sofa', seats: [seat, beside].toSorted(bySeat), keys } : undefined
  }
  const paired = seated.flatMap((seat) => unitAround(seat) ?? [])
  const done = new Set(paired.flatMap(({ seats }) => seats.map(({ id }) => id)))
  const rest = Map.groupBy(
    seated.filter(({ id }) => !done.has(id)),
    ({ id }) => keyOf.get(id) ?? 0,
  )
  const runs = [...rest].flatMap(([key, seats]) =>
    runsOf(from, seats).map((run): Unit => ({ kind: 'run', seats: run, keys: [key] })),
  )
  return [...paired, ...runs]
}

const firstId = ({ seats }: Unit) => Math.min(...seats.map(({ id }) => id))
/** Places for wheelchairs are the scarcest, then sofas; who is many finds a place together while there are long rows. */
const byNeed = (a: Unit, b: Unit) =>
  KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.seats.length - a.seats.length || firstId(a) - firstId(b)

const halvesOf = ({ seats, keys, near }: Unit): [Unit, Unit] => {
  const middle = Math.ceil(seats.length / 2)
  const part = (its: Seat[]): Unit => ({ kind: 'run', seats: its, keys, ...(near && { near }) })
  return [part(seats.slice(0, middle)), part(seats.slice(middle))]
}

/** Places units in a hall, the whole of one, its halves, or a wheelchair with whoever comes with it. */
const createPlacing = (to: Layout, { placed, put, lift, nearest }: ReturnType<typeof createSeating>) => {
  const ofItsKind = (unit: Unit, level: Level) => {
    if (unit.kind === 'sofa') return nearest(unit, sofasIn(to, unit.seats.length), level)
    return unit.kind === 'companion' ? nearest(unit, singlesIn(to, isCompanion), level) : undefined
  }

  const together = (unit: Unit, level: Level): boolean => {
    const targets = ofItsKind(unit, level) ?? nearest(unit, windowsIn(to, unit.seats.length), level)
    if (targets) put(unit.seats, targets)
    return targets !== undefined
  }

  /** In two parts, the second near the first. When not all of them find a place, none has moved. */
  const inParts = (unit: Unit, level: Level): boolean => {
    if (unit.seats.length === 1) return together(unit, level)
    const [one, other] = halvesOf(unit)
    if (!(together(one, level) || inParts(one, level))) return false
    const near = centreOf(one.seats.map(({ id }) => (placed.get(id) as Placed).to))
    const rest = { ...other, near }
    if (together(rest, level) || inParts(rest, level)) return true
    lift(one.seats)
    return false
  }

  /** Returns who got no place, and who still looks for an ordinary seat, since there was none beside the wheelchair. */
  const wheelchair = (unit: Unit): { unplaced: Seat[]; company: Unit[] } => {
    const [seat, beside] = unit.seats as [Seat, Seat?]
    const both = beside && nearest(unit, wheelchairsIn(to, true), 2)
    if (both) {
      put(unit.seats, both)
      return { unplaced: [], company: [] }
    }
    const alone = nearest({ ...unit, seats: [seat] }, wheelchairsIn(to, false), 2)
    if (alone) put([seat], alone)
    // Nobody comes as company of somebody who cannot come; who only happened to sit there does.
    if (!alone && unit.keys[0] === unit.keys[1]) return { unplaced: unit.seats, company: [] }
    const near = alone?.[0]
    const company: Unit[] = beside ? [{ kind: 'run', seats: [beside], keys: unit.keys.slice(1), ...(near && { near }) }] : []
    return { unplaced: alone ? [] : [seat], company }
  }

  /** Before anybody is sent away: half a sofa, or a companion's seat that no companion needs. */
  const anywhere = (seat: Seat): boolean => {
    const choices = singlesIn(to, ({ seat_type }) => seat_type !== 'wheelchair')
    const last = nearest({ kind: 'run', seats: [seat], keys: [] }, choices, 2)
    if (last) put([seat], last)
    return last !== undefined
  }

  return { together, inParts, wheelchair, anywhere }
}

/**
 * Who sits where when a session moves to another hall: each seat gets another one or none, the same input always the
 * same. Like goes to like, then to a better class, to a lesser one only when nothing else is free. Who sat side by side
 * stays so where any row allows it; wheelchairs go to wheelchair places, their company beside them, and nobody else goes
 * there; sofas stay whole. Of what is left each takes what is nearest to where they sat, measured from the walls.
 */
export const mapSeats = (
  from: Layout,
  to: Layout,
  parties: readonly Party[],
  occupied: ReadonlySet<number> = new Set(),
): Mapping => {
  const seating = createSeating(projection(from, to), occupied)
  const { together, inParts, wheelchair, anywhere } = createPlacing(to, seating)
  const longest = Math.max(0, ...to.blocks.filter(({ kind }) => kind === 'ordinary').map(({ seats }) => seats.length))
  const cutToRows = (unit: Unit): Unit[] =>
    unit.kind === 'run' && longest > 0 && unit.seats.length > longest ? halvesOf(unit).flatMap(cutToRows) : [unit]

  const units = unitsOf(from, parties).toSorted(byNeed)
  const first = units.filter(({ kind }) => kind === 'wheelchair').map(wheelchair)
  const others = [...first.flatMap(({ company }) => company), ...units.filter(({ kind }) => kind !== 'wheelchair')]
  let waiting = others.flatMap(cutToRows).toSorted(byNeed)
  const ways = [
    [together, 0],
    [together, 1],
    [inParts, 1],
    [together, 2],
    [inParts, 2],
  ] as const
  for (const [place, level] of ways) waiting = waiting.filter((unit) => !place(unit, level))
  const left = waiting.flatMap(({ seats }) => seats).filter((seat) => !anywhere(seat))
  return {
    placed: [...seating.placed.values()].toSorted((a, b) => a.from.id - b.from.id),
    unplaced: [...first.flatMap(({ unplaced }) => unplaced), ...left].toSorted((a, b) => a.id - b.id),
  }
}
