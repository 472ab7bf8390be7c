import { AppError, invalid } from '#platform/errors.ts'

export const loneSeat = (seat_ids: number[], suggested_seat_ids: number[]) =>
  new AppError(409, 'seats.lone_seat', 'This choice would leave a single seat that nobody wants. Take the suggested seats.', {
    seat_ids,
    suggested_seat_ids,
  })
export const sofaWhole = (seat_ids: number[]) =>
  new AppError(409, 'seats.sofa_whole', 'A sofa is sold whole. Take its other half too.', { seat_ids })
export const companionAlone = (seat_ids: number[], wheelchair_seat_ids: number[]) =>
  new AppError(409, 'seats.companion_alone', 'A companion’s seat is sold together with the wheelchair place beside it.', {
    seat_ids,
    wheelchair_seat_ids,
  })
export const notEnough = (available: number) =>
  new AppError(409, 'seats.not_enough', 'There are not that many free seats of this kind.', { available })
export const oddSofas = (pointer: string) =>
  invalid(pointer, 'A sofa has two seats and is sold whole: ask for an even number.', 'seats.odd_sofa')
