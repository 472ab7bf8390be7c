import type { HallPlan, PlacedSeat, PlanRow } from './plan.ts'

const PAGE_ROWS = 5

const nearestTo = (row: PlanRow | undefined, x: number): PlacedSeat | undefined =>
  row?.seats.reduce((best, seat) => (Math.abs(seat.cx - x) < Math.abs(best.cx - x) ? seat : best), row.seats[0] as PlacedSeat)

/**
 * Where a key leads from a seat; the same seat at an edge, nothing for keys that do not move. `x` is where the walk
 * began, so that going up and down through aisles and short rows comes back to the same place.
 */
export const seatAfter = (plan: HallPlan, from: PlacedSeat, key: string, ctrl = false, x = from.cx): PlacedSeat | undefined => {
  const rowIndex = plan.rows.findIndex(({ label }) => label === from.seat_row)
  const row = plan.rows[rowIndex]
  const index = row?.seats.findIndex(({ id }) => id === from.id) ?? -1
  if (!row || index < 0) return undefined
  const last = plan.rows.length - 1
  const inRow = (to: number) => nearestTo(plan.rows[Math.min(Math.max(to, 0), last)], x) ?? from
  switch (key) {
    case 'ArrowLeft':
      return row.seats[index - 1] ?? from
    case 'ArrowRight':
      return row.seats[index + 1] ?? from
    case 'ArrowUp':
      return inRow(rowIndex - 1)
    case 'ArrowDown':
      return inRow(rowIndex + 1)
    case 'PageUp':
      return inRow(rowIndex - PAGE_ROWS)
    case 'PageDown':
      return inRow(rowIndex + PAGE_ROWS)
    case 'Home':
      return (ctrl ? plan.rows[0] : row)?.seats[0]
    case 'End':
      return (ctrl ? plan.rows[last] : row)?.seats.at(-1)
    default:
      return undefined
  }
}

export const movesAlongRow = (key: string) => ['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(key)
