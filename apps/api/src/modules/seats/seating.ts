import type { Layout, Seat } from './layout.ts'
import { windowsOf } from './rules.ts'

export type Fit = 'same' | 'better' | 'lesser'
export type Placed = { from: Seat; to: Seat; fit: Fit }
export type Point = { x: number; y: number }

/** What is moved at once: a wheelchair place with whoever sits beside it, the two of a sofa, or who sat side by side. */
export type Unit = { kind: 'wheelchair' | 'companion' | 'sofa' | 'run'; seats: Seat[]; keys: number[]; near?: Point }
/** How far from the seat they had people may be put: on the same class, a better one as well, any. */
export type Level = 0 | 1 | 2

const RANK = { standard: 0, wheelchair: 0, companion: 0, premium: 1, sofa: 1, vip: 2 } as const
/** A step of class weighs more than any way through a hall. */
const STEP = 10_000

const stepsUp = (from: Seat, to: Seat) => RANK[to.seat_type] - RANK[from.seat_type]

const fitOf = (from: Seat, to: Seat): Fit => {
  const steps = stepsUp(from, to)
  if (steps === 0) return 'same'
  return steps > 0 ? 'better' : 'lesser'
}

const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)
export const bySeat = (a: Seat, b: Seat) => a.x - b.x || a.id - b.id

/** Ordinary seats side by side. */
export const windowsIn = function* ({ blocks }: Layout, length: number) {
  for (const block of blocks) if (block.kind === 'ordinary') yield* windowsOf(block, length)
}
/** Sofas, or their halves. */
export const sofasIn = function* ({ byId, partnerOf }: Layout, length: number) {
  for (const seat of byId.values()) {
    const other = partnerOf.get(seat.id)
    if (seat.seat_type !== 'sofa') continue
    if (length === 1) yield [seat]
    else if (other?.seat_type === 'sofa' && seat.id < other.id) yield [seat, other].toSorted(bySeat)
  }
}
/** Wheelchair places, with the seat of their company when asked for. */
export const wheelchairsIn = function* ({ byId, partnerOf }: Layout, withCompany: boolean) {
  for (const seat of byId.values()) {
    const beside = partnerOf.get(seat.id)
    if (seat.seat_type !== 'wheelchair') continue
    if (!withCompany) yield [seat]
    else if (beside?.seat_type === 'companion') yield [seat, beside]
  }
}
export const singlesIn = function* ({ byId }: Layout, isFor: (seat: Seat) => boolean) {
  for (const seat of byId.values()) if (isFor(seat)) yield [seat]
}

/** A hall that fills: who has got which seat so far, and the nearest of what is left. */
export const createSeating = (project: (seat: Point) => Point, occupied: ReadonlySet<number>) => {
  const taken = new Set(occupied)
  const placed = new Map<number, Placed>()

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

  return {
    placed,
    put: (seats: Seat[], targets: Seat[]) => {
      for (const [index, seat] of seats.entries()) {
        const target = targets[index] as Seat
        placed.set(seat.id, { from: seat, to: target, fit: fitOf(seat, target) })
        taken.add(target.id)
      }
    },
    lift: (seats: Seat[]) => {
      for (const { id } of seats) {
        taken.delete(placed.get(id)?.to.id ?? 0)
        placed.delete(id)
      }
    },
    /** The free choice that costs least: no step of class before a short way. */
    nearest: (unit: Unit, choices: Iterable<Seat[]>, level: Level): Seat[] | undefined => {
      let best: { targets: Seat[]; cost: number } | undefined
      for (const targets of choices) {
        const cost = costOf(unit, targets, level)
        if (cost !== undefined && (best === undefined || cost < best.cost)) best = { targets, cost }
      }
      return best?.targets
    },
  }
}
