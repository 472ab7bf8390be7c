import type { PlanSeat } from './repository.ts'
import { type SeatDraft, seatLabel } from './rules.ts'

export type CurrentSeat = PlanSeat & { is_active: boolean }

/** What makes the hall's seats those of a new layout. Seats are the same when row and number are. */
export type LayoutChange = {
  added: SeatDraft[]
  changed: (SeatDraft & { id: number })[]
  vanished: number[]
  /** Those of them that nobody may have in a session to come: they go, or they become another type. */
  contested: number[]
}

const DRAWN = ['seat_type', 'x', 'y', 'rotation', 'pair_id'] as const

export const compareLayouts = (current: CurrentSeat[], wanted: SeatDraft[]): LayoutChange => {
  const known = new Map(current.map((seat) => [seatLabel(seat), seat]))
  const kept = wanted.flatMap((draft) => {
    const seat = known.get(seatLabel(draft))
    return seat ? [{ seat, draft: { ...draft, id: seat.id } }] : []
  })
  const keptIds = new Set(kept.map(({ seat }) => seat.id))
  const vanished = current.filter(({ id, is_active }) => is_active && !keptIds.has(id)).map(({ id }) => id)
  const retyped = kept.filter(({ seat, draft }) => seat.seat_type !== draft.seat_type).map(({ seat }) => seat.id)
  return {
    added: wanted.filter((draft) => !known.has(seatLabel(draft))),
    changed: kept
      .filter(({ seat, draft }) => !seat.is_active || DRAWN.some((field) => seat[field] !== draft[field]))
      .map(({ draft }) => draft),
    vanished,
    contested: [...vanished, ...retyped].toSorted((a, b) => a - b),
  }
}

export const changesNothing = ({ added, changed, vanished }: LayoutChange) =>
  added.length + changed.length + vanished.length === 0
