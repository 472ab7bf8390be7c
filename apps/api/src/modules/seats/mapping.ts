import type { Layout, Seat } from './layout.ts'
import { windowsOf } from './rules.ts'

/** Who came together: the seats of one order. */
export type Party = { key: number; seat_ids: readonly number[] }
export type Fit = 'same' | 'better' | 'lesser'
export type Placed = { from: Seat; to: Seat; fit: Fit }
export type Mapping = { placed: Placed[]; unplaced: Seat[] }

/** What is moved at once: a wheelchair place with whoever sits beside it, the two of a sofa, or who sat side by side. */
type Unit = { kind: 'wheelchair' | 'companion' | 'sofa' | 'run'; seats: Seat[]; keys: number[]; near?: Point }
type Point = { x: number; y: number }
/** How far from the seat they had people may be put: on the same class, a better one as well, any. */
type Level = 0 | 1 | 2

const RANK = { standard: 0, wheelchair: 0, companion: 0, premium: 1, sofa: 1, vip: 2 } as const
const KINDS = ['wheelchair', 'companion', 'sofa', 'run'] as const
/** A step of class weighs more than any way through a hall. */
const STEP = 10_000

const stepsUp = (from: Seat, to: Seat) => RANK[to.seat_type] - RANK[from.seat_type]

export const fitOf = (from: Seat, to: Seat): Fit => {
  const steps = stepsUp(from, to)
  return steps === 0 ? 'same' : steps > 0 ? 'better' : 'lesser'
}

const isCompanion = ({ seat_type }: Seat) => seat_type === 'companion'
const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const centreOf = (seats: Point[]): Point => ({ x: mean(seats.map(({ x }) => x)), y: mean(seats.map(({ y }) => y)) })
const bySeat = (a: Seat, b: Seat) => a.x - b.x || a.id - b.id

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
  const taken = new Set(occupied)
  const placed = new Map<number, Placed>()
  const unplaced: Seat[] = []
  const project = projection(from, to)
  const longest = Math.max(0, ...to.blocks.filter(({ kind }) => kind === 'ordinary').map(({ seats }) => seats.length))

  const put = (seats: Seat[], targets: Seat[]) => {
    for (const [index, seat] of seats.entries()) {
      const target = targets[index] as Seat
      placed.set(seat.id, { from: seat, to: target, fit: fitOf(seat, target) })
      taken.add(target.id)
    }
  }
  const lift = (seats: Seat[]) => {
    for (const { id } of seats) {
      taken.delete(placed.get(id)?.to.id ?? 0)
      placed.delete(id)
    }
  }

  const costOf = ({ seats, near }: Unit, targets: Seat[], level: Level): number | undefined => {
    let cost = 0
    for (const [index, seat] of seats.entries()) {
      const target = targets[index] as Seat
      const steps = stepsUp(seat, target)
      if (taken.has(target.id) || (level < 2 && steps < 0) || (level < 1 && steps > 0)) return undefined
      cost += Math.abs(steps) * STEP + apart(near ?? project(seat), target)
    }
    return cost
  }

  const nearest = (unit: Unit, choices: Iterable<Seat[]>, level: Level): Seat[] | undefined => {
    let best: { targets: Seat[]; cost: number } | undefined
    for (const targets of choices) {
      const cost = costOf(unit, targets, level)
      if (cost !== undefined && (best === undefined || cost < best.cost)) best = { targets, cost }
    }
    return best?.targets
  }

  const windows = function* (length: number) {
    for (const block of to.blocks) if (block.kind === 'ordinary') yield* windowsOf(block, length)
  }
  const sofas = function* (length: number) {
    for (const seat of to.byId.values()) {
      const other = to.partnerOf.get(seat.id)
      if (seat.seat_type !== 'sofa') continue
      if (length === 1) yield [seat]
      else if (other?.seat_type === 'sofa' && seat.id < other.id) yield [seat, other].toSorted(bySeat)
    }
  }
  const singles = function* (isFor: (seat: Seat) => boolean) {
    for (const seat of to.byId.values()) if (isFor(seat)) yield [seat]
  }
  const wheelchairs = function* (withCompany: boolean) {
    for (const seat of to.byId.values()) {
      const beside = to.partnerOf.get(seat.id)
      if (seat.seat_type !== 'wheelchair') continue
      if (!withCompany) yield [seat]
      else if (beside?.seat_type === 'companion') yield [seat, beside]
    }
  }

  const ofItsKind = (unit: Unit, level: Level) => {
    if (unit.kind === 'sofa') return nearest(unit, sofas(unit.seats.length), level)
    return unit.kind === 'companion' ? nearest(unit, singles(isCompanion), level) : undefined
  }

  const placeTogether = (unit: Unit, level: Level): boolean => {
    const targets = ofItsKind(unit, level) ?? nearest(unit, windows(unit.seats.length), level)
    if (targets) put(unit.seats, targets)
    return targets !== undefined
  }

  /** In two parts, the second near the first. When not all of them find a place, none has moved. */
  const placeApart = (unit: Unit, level: Level): boolean => {
    if (unit.seats.length === 1) return placeTogether(unit, level)
    const [one, other] = halvesOf(unit)
    if (!(placeTogether(one, level) || placeApart(one, level))) return false
    const near = centreOf(one.seats.map(({ id }) => (placed.get(id) as Placed).to))
    const rest = { ...other, near }
    if (placeTogether(rest, level) || placeApart(rest, level)) return true
    lift(one.seats)
    return false
  }

  /** Returns who still looks for an ordinary seat: company that did not find one beside the wheelchair. */
  const placeWheelchair = (unit: Unit): Unit[] => {
    const [seat, beside] = unit.seats as [Seat, Seat?]
    const both = beside && nearest(unit, wheelchairs(true), 2)
    if (both) put(unit.seats, both)
    if (both) return []
    const alone = nearest({ ...unit, seats: [seat] }, wheelchairs(false), 2)
    if (alone) put([seat], alone)
    else unplaced.push(seat)
    if (!beside) return []
    // Nobody comes as company of somebody who cannot come; who only happened to sit there does.
    if (!alone && unit.keys[0] === unit.keys[1]) unplaced.push(beside)
    else return [{ kind: 'run', seats: [beside], keys: unit.keys.slice(1), ...(alone?.[0] && { near: alone[0] }) }]
    return []
  }

  const cutToRows = (unit: Unit): Unit[] =>
    unit.kind === 'run' && longest > 0 && unit.seats.length > longest ? halvesOf(unit).flatMap(cutToRows) : [unit]

  const units = unitsOf(from, parties).toSorted(byNeed)
  const company = units.filter(({ kind }) => kind === 'wheelchair').flatMap(placeWheelchair)
  let waiting = [...company, ...units.filter(({ kind }) => kind !== 'wheelchair')].flatMap(cutToRows).toSorted(byNeed)
  const ways = [
    [placeTogether, 0],
    [placeTogether, 1],
    [placeApart, 1],
    [placeTogether, 2],
    [placeApart, 2],
  ] as const
  for (const [place, level] of ways) waiting = waiting.filter((unit) => !place(unit, level))
  // Before anybody is sent away: half a sofa, or a companion's seat that no companion needs.
  for (const seat of waiting.flatMap(({ seats }) => seats)) {
    const last = nearest(
      { kind: 'run', seats: [seat], keys: [] },
      singles(({ seat_type }) => seat_type !== 'wheelchair'),
      2,
    )
    if (last) put([seat], last)
    else unplaced.push(seat)
  }
  const byId = (a: Seat, b: Seat) => a.id - b.id
  return { placed: [...placed.values()].toSorted((a, b) => byId(a.from, b.from)), unplaced: unplaced.toSorted(byId) }
}
