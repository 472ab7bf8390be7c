import { expect } from 'vitest'

import type { SeatType } from '#modules/halls/schemas.ts'
import type { TestApp } from './app.ts'

const TYPES: Record<string, SeatType> = { v: 'vip', w: 'wheelchair', '#': 'wheelchair', k: 'companion', s: 'sofa' }

/**
 * A hall as it is drawn: one text for each row from the screen, one letter for each seat. `.` is a free seat, `x` a taken
 * one, `C` a chosen one and a blank an aisle; v, w, k and s are a VIP seat, a wheelchair place, its companion's seat and half a
 * sofa, chosen when they are capitals; `#` is a taken wheelchair place. Ids count from one.
 */
export const hallOf = (rows: string[]) => {
  const cells = rows.flatMap((row, y) => [...row].map((letter, x) => ({ letter, x, y }))).filter(({ letter }) => letter !== ' ')
  let pairs = 0
  let isOpen = false
  const seats = cells.map(({ letter, x, y }, index) => {
    const seat_type = TYPES[letter.toLowerCase()] ?? 'standard'
    const isPaired = seat_type === 'sofa' || seat_type === 'wheelchair' || seat_type === 'companion'
    if (seat_type === 'wheelchair' || (seat_type === 'sofa' && !isOpen)) pairs += 1
    isOpen = seat_type === 'sofa' && !isOpen
    return {
      id: index + 1,
      seat_row: String(y + 1),
      seat_number: x + 1,
      seat_type,
      x: x + 0.5,
      y: y + 0.5,
      rotation: 0,
      pair_id: isPaired ? pairs : null,
    }
  })
  const idsWhere = (isMeant: (letter: string) => boolean) =>
    seats.filter((_, index) => isMeant(cells[index]?.letter ?? '')).map(({ id }) => id)
  return {
    seats,
    taken: idsWhere((letter) => letter === 'x' || letter === '#'),
    chosen: idsWhere((letter) => /[CVWKS]/.test(letter)),
  }
}

type Label = { seat_row: string; seat_number: number }
const labelOf = ({ seat_row, seat_number }: Label) => `${seat_row}:${seat_number}`

/** A hall of a cinema as it is drawn. `seats` knows the ids of the drawing's. */
export const drawHall = async (house: TestApp, rows: string[], cinema_id: number, hall_number = 1) => {
  const drawn = hallOf(rows)
  const seats = drawn.seats.map(({ id: _, ...seat }) => seat)
  const manager = await house.as('manager')
  const body = { name: `Drawn ${hall_number}`, hall_number, layout: { seats } }
  const hall = await manager.post(`/api/v1/cinemas/${cinema_id}/halls`, body)
  expect(hall).toMatchObject({ status: 201 })
  const real = await house.db.selectFrom('seats').selectAll().where('hall_id', '=', hall.body.id).execute()
  const idOf = new Map(real.map((seat) => [labelOf(seat), seat.id]))
  const idAt = (number: number) => idOf.get(labelOf(drawn.seats[number - 1] as Label)) ?? 0
  return { id: hall.body.id as number, drawn, seats: (...numbers: number[]) => numbers.map(idAt) }
}

/** A session in a hall as it is drawn; what is taken there the house keeps for itself. `seats` knows the ids of the drawing's. */
export const openHall = async (house: TestApp, rows: string[]) => {
  const cinema = await house.given.cinema()
  const { id: hall_id, drawn, seats } = await drawHall(house, rows, cinema.id)
  const session = await house.given.session({ hall_id })
  for (const seat_id of seats(...drawn.taken))
    await house.db
      .insertInto('seat_claims')
      .values({ session_id: session.id, seat_id, state: 'blocked', reason: 'house seat' })
      .execute()
  return { session_id: session.id, hall_id, cinema_id: cinema.id, seats }
}
