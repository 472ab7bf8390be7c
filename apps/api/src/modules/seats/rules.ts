import { type Block, kindOf, type Layout, type Seat } from './layout.ts'

/**
 * Which choices of seats a cinema sells.
 *
 * - No lone seat: a choice may not leave a single free seat between itself and a wall, an aisle, a taken seat or a seat
 *   of another kind, unless no other choice of the same size and price in the hall would leave none.
 * - A companion's seat is sold together with the wheelchair place beside it, or later to whoever has that place. Somebody
 *   in a wheelchair may come alone; the seat beside then waits until no ordinary seat is left, and is anybody's.
 * - A sofa is sold whole, or its second half to whoever has the first.
 * - Seats that the house keeps for itself are taken like any other.
 *
 * The limit of an order is not here: the statement that claims the seats counts them.
 */
export type Choice = {
  chosen: readonly number[]
  /** Held, sold or kept by the house; seats of the buyer's own too. */
  occupied: ReadonlySet<number>
  /** Those of the occupied that the buyer has. */
  own?: ReadonlySet<number>
  /** Free, but not to be suggested: the seat that the buyer is leaving. */
  avoid?: ReadonlySet<number>
}

export type Verdict =
  | { refused: 'sofa_whole'; missing: number[] }
  | { refused: 'companion_alone'; companions: number[]; wheelchairs: number[] }
  | { refused: 'lone_seat'; lone: number[]; suggested: number[] }
  | undefined

/** `near` is left alone when it is free and `far`, the seat behind it, is not; without a seat behind, `far` is 0. */
export type Suspect = { near: number; far: number }

/**
 * What a booking's own statement looks at, so that hardly any needs a second one: the claims of `look`, and whether
 * some `near` is free while the `far` behind it is not.
 */
export type Watch = {
  look: number[]
  near: number[]
  far: number[]
  /** The statement cannot tell: the hall as a whole must be looked at first. */
  isUnclear: boolean
}

/** The few seats beside a choice that decide whether it leaves one alone. */
export const suspectsBeside = ({ placeOf }: Layout, chosen: ReadonlySet<number>): Suspect[] => {
  const suspects = new Map<string, Suspect>()
  for (const id of chosen) {
    const place = placeOf.get(id)
    if (place?.block.kind !== 'ordinary') continue
    const { block, index } = place
    for (const step of [-1, 1]) {
      const [near, far] = [block.seats[index + step]?.id, block.seats[index + 2 * step]?.id]
      if (near === undefined || chosen.has(near)) continue
      suspects.set(`${near}:${far}`, { near, far: far === undefined || chosen.has(far) ? 0 : far })
    }
  }
  return [...suspects.values()]
}

/** The free seats that a choice would leave alone. */
export const loneBeside = (layout: Layout, chosen: ReadonlySet<number>, occupied: ReadonlySet<number>): number[] => {
  const lone = suspectsBeside(layout, chosen).filter(({ near, far }) => !occupied.has(near) && (far === 0 || occupied.has(far)))
  return [...new Set(lone.map(({ near }) => near))].toSorted((a, b) => a - b)
}

/** Every stretch of so many seats in a block. */
export const windowsOf = function* ({ seats }: Block, length: number): Generator<Seat[]> {
  for (let start = 0; start + length <= seats.length; start += 1) yield seats.slice(start, start + length)
}

const typesOf = (seats: Seat[]) =>
  seats
    .map(({ seat_type }) => seat_type)
    .toSorted()
    .join()

const centreOf = (seats: Seat[]) => ({
  x: seats.reduce((sum, { x }) => sum + x, 0) / seats.length,
  y: seats.reduce((sum, { y }) => sum + y, 0) / seats.length,
})
type Point = ReturnType<typeof centreOf>
const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)

/** Chosen ordinary seats that stand side by side. */
const runsOf = ({ placeOf }: Layout, chosen: ReadonlySet<number>): Seat[][] => {
  const blocks = new Set([...chosen].flatMap((id) => placeOf.get(id)?.block ?? []).filter(({ kind }) => kind === 'ordinary'))
  return [...blocks].flatMap(({ seats }) => {
    const runs: Seat[][] = [[]]
    for (const seat of seats) {
      if (chosen.has(seat.id)) runs.at(-1)?.push(seat)
      else if (runs.at(-1)?.length) runs.push([])
    }
    return runs.filter(({ length }) => length > 0)
  })
}

/** The nearest place for a run, of the same seat types, that leaves nobody alone; of two as near, the one nearer to the rest of the choice. */
const nearestPlace = (layout: Layout, run: Seat[], taken: ReadonlySet<number>, avoid: ReadonlySet<number>, home: Point) => {
  const [from, types] = [centreOf(run), typesOf(run)]
  let best: { seats: Seat[]; far: number; astray: number } | undefined
  for (const block of layout.blocks) {
    if (block.kind !== 'ordinary') continue
    for (const seats of windowsOf(block, run.length)) {
      if (seats.some(({ id }) => taken.has(id) || avoid.has(id)) || typesOf(seats) !== types) continue
      const there = centreOf(seats)
      const [far, astray] = [apart(from, there), apart(home, there)]
      if (best && (far > best.far || (far === best.far && astray >= best.astray))) continue
      if (loneBeside(layout, new Set(seats.map(({ id }) => id)), taken).length === 0) best = { seats, far, astray }
    }
  }
  return best?.seats
}

/** The choice with its lonely-making runs moved; undefined when one of them cannot be. */
const mend = (layout: Layout, chosen: ReadonlySet<number>, occupied: ReadonlySet<number>, avoid: ReadonlySet<number>) => {
  const seatsOf = (ids: Iterable<number>) => [...ids].flatMap((id) => layout.byId.get(id) ?? [])
  const home = centreOf(seatsOf(chosen))
  let mended = new Set(chosen)
  for (const run of runsOf(layout, chosen)) {
    const ids = new Set(run.map(({ id }) => id))
    const others = mended.difference(ids)
    const taken = occupied.union(others)
    if (loneBeside(layout, ids, taken).length === 0) continue
    const place = nearestPlace(layout, run, taken, avoid, home)
    if (!place) return undefined
    mended = others.union(new Set(place.map(({ id }) => id)))
  }
  return loneBeside(layout, mended, occupied).length === 0 ? [...mended].toSorted((a, b) => a - b) : undefined
}

const judgePairs = (layout: Layout, chosen: ReadonlySet<number>, { occupied, own }: Choice): Verdict => {
  const missesPartner = (id: number, partner: Seat | undefined): partner is Seat =>
    partner !== undefined && !chosen.has(partner.id) && !own?.has(partner.id)
  const parted = [...chosen].flatMap((id) => {
    const [seat, partner] = [layout.byId.get(id), layout.partnerOf.get(id)]
    return seat && missesPartner(id, partner) ? [{ seat, partner }] : []
  })
  const halves = parted.filter(({ seat, partner }) => seat.seat_type === 'sofa' && partner.seat_type === 'sofa')
  if (halves.length > 0) return { refused: 'sofa_whole', missing: halves.map(({ partner }) => partner.id) }
  const alone = parted.filter(({ seat, partner }) => seat.seat_type === 'companion' && partner.seat_type === 'wheelchair')
  if (alone.length === 0 || !hasOrdinaryLeft(layout, chosen, occupied)) return undefined
  return {
    refused: 'companion_alone',
    companions: alone.map(({ seat }) => seat.id),
    wheelchairs: alone.map(({ partner }) => partner.id),
  }
}

/** Whether an ordinary seat is free beside the choice. */
export const hasOrdinaryLeft = ({ byId }: Layout, chosen: ReadonlySet<number>, occupied: ReadonlySet<number>): boolean =>
  byId.values().some((seat) => kindOf(seat) === 'ordinary' && !chosen.has(seat.id) && !occupied.has(seat.id))

/** Whether the choice holds half a sofa or a companion without the place beside: only the hall as a whole then tells. */
export const partsPair = ({ byId, partnerOf }: Layout, chosen: ReadonlySet<number>): boolean =>
  [...chosen].some((id) => {
    const [type, partner] = [byId.get(id)?.seat_type, partnerOf.get(id)]
    return partner !== undefined && (type === 'sofa' || type === 'companion') && !chosen.has(partner.id)
  })

/** Why a choice of free seats is not sold; undefined when it is. */
export const judge = (layout: Layout, choice: Choice): Verdict => {
  const chosen = new Set(choice.chosen)
  const parted = judgePairs(layout, chosen, choice)
  if (parted) return parted
  const lone = loneBeside(layout, chosen, choice.occupied)
  const suggested = lone.length > 0 && mend(layout, chosen, choice.occupied, choice.avoid ?? new Set())
  return suggested ? { refused: 'lone_seat', lone, suggested } : undefined
}
