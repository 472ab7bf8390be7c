import { AppError, invalid } from '#platform/errors.ts'

export const eventNotFound = () => new AppError(404, 'events.not_found', 'There is no such event.')
export const seatNotFound = () => new AppError(404, 'events.seat_not_found', 'There is no such seat at this event.')
export const noHall = () =>
  new AppError(409, 'events.no_hall', 'No hall is set for events. Set EVENTS_HALL_ID to a hall that is in use.')
export const tooFar = () => invalid('/start_time', 'An event starts before the year 2200 is over.', 'events.too_far')
