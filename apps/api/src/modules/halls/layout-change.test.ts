import fc from 'fast-check'
import { expect, test } from 'vitest'

import { changesNothing, compareLayouts, type CurrentSeat } from './layout-change.ts'
import { type SeatDraft, seatLabel } from './rules.ts'

const draft: fc.Arbitrary<SeatDraft> = fc.record({
  seat_row: fc.constantFrom('1', '2', 'B'),
  seat_number: fc.integer({ min: 1, max: 6 }),
  seat_type: fc.constantFrom('standard', 'vip', 'premium'),
  x: fc.integer({ min: 0, max: 2 }),
  y: fc.constant(1),
  rotation: fc.constant(0),
  pair_id: fc.constant(null),
})
const drafts = fc.uniqueArray(draft, { selector: seatLabel, maxLength: 18 })
const hall: fc.Arbitrary<CurrentSeat[]> = fc
  .tuple(drafts, fc.infiniteStream(fc.boolean()))
  .map(([seats, active]) => seats.map((seat, index) => ({ ...seat, id: index + 1, is_active: active.next().value as boolean })))

const apply = (current: CurrentSeat[], { added, changed, vanished }: ReturnType<typeof compareLayouts>): CurrentSeat[] => {
  const redrawn = new Map(changed.map((seat) => [seat.id, { ...seat, is_active: true }]))
  const stay = current.map((seat) => redrawn.get(seat.id) ?? (vanished.includes(seat.id) ? { ...seat, is_active: false } : seat))
  return [...stay, ...added.map((seat, index) => ({ ...seat, id: 100 + index, is_active: true }))]
}

test('R-067 after a change the hall has the seats that were wanted, and each that stays keeps its id', () => {
  fc.assert(
    fc.property(hall, drafts, (current, wanted) => {
      const next = apply(current, compareLayouts(current, wanted))
      const active = next.filter(({ is_active }) => is_active).map(({ id: _id, is_active: _active, ...seat }) => seat)
      const sorted = (seats: SeatDraft[]) => seats.toSorted((a, b) => seatLabel(a).localeCompare(seatLabel(b)))
      expect(sorted(active)).toEqual(sorted(wanted))
      expect(new Set(next.map(seatLabel)).size).toBe(next.length)
      for (const seat of current) expect(next.find(({ id }) => id === seat.id)).toMatchObject({ seat_row: seat.seat_row })
      expect(changesNothing(compareLayouts(next, wanted))).toBe(true)
    }),
  )
})

test('R-118 every seat that goes or becomes another type is asked about, and no other', () => {
  fc.assert(
    fc.property(hall, drafts, (current, wanted) => {
      const change = compareLayouts(current, wanted)
      const next = new Map(apply(current, change).map((seat) => [seat.id, seat]))
      const contested = current.filter((seat) => {
        const after = next.get(seat.id)
        return (seat.is_active && !after?.is_active) || after?.seat_type !== seat.seat_type
      })
      expect(change.contested).toEqual(contested.map(({ id }) => id))
    }),
  )
})
