import { AppError, invalid } from '#platform/errors.ts'

export const sessionNotFound = () => new AppError(404, 'sessions.not_found', 'There is no such session.')
export const sessionCancelled = () => new AppError(409, 'sessions.cancelled', 'This session has been cancelled.')
export const sessionStarted = () => new AppError(409, 'sessions.started', 'This session has already started.')
export const sessionFinished = () => new AppError(409, 'sessions.finished', 'This session is over.')
export const notCancelled = () => new AppError(404, 'sessions.not_cancelled', 'This session has not been cancelled.')
export const sessionChanged = () => new AppError(409, 'sessions.changed', 'This session has just been changed. Look at it again.')
export const notOnSale = () => new AppError(409, 'sessions.not_on_sale', 'Tickets for this session are not on sale now.')

export const noSuchMovie = () => invalid('/movie_id', 'There is no such movie.', 'sessions.no_such_movie')
export const noSuchHall = () => invalid('/hall_id', 'There is no such hall.', 'sessions.no_such_hall')
export const movieInactive = () => new AppError(409, 'sessions.movie_inactive', 'This movie is not shown any more.')
export const hallInactive = () => new AppError(409, 'sessions.hall_inactive', 'This hall, or its cinema, is not in use.')

export const ownPricesNeedBase = () =>
  invalid(
    '/base_price',
    'Prices of its own begin with base_price; without any the session takes those of its card.',
    'sessions.base_price_missing',
  )
export const ownOrCard = () =>
  invalid('/from_price_card', 'A session has prices of its own or those of its card, not both.', 'sessions.own_or_card')

export const inThePast = () => invalid('/start_time', 'A session starts in the future.', 'sessions.in_the_past')
export const tooShort = (minutes: number) =>
  invalid('/end_time', `A session is at least as long as its movie, ${minutes} minutes.`, 'sessions.shorter_than_movie')

export const tooLong = () => invalid('/end_time', 'A session lasts at most a day.', 'sessions.too_long')

export const outsideOpeningHours = (hours: { opening_time: string; closing_time: string; timezone: string }) => {
  const { opening_time, closing_time, timezone } = hours
  return invalid(
    '/start_time',
    `The cinema is open from ${opening_time} to ${closing_time} (${timezone}).`,
    'sessions.outside_opening_hours',
  )
}

export const otherCinema = () =>
  invalid('/hall_id', 'A session moves to another hall of the same cinema only.', 'sessions.other_cinema')
export const badSalesWindow = () =>
  invalid('/sales_open_at', 'Sales open before they close and before the session starts.', 'sessions.bad_sales_window')

export const seatsClaimed = (claimed_seats: number) =>
  new AppError(409, 'sessions.seats_claimed', 'Seats of this hall are held, sold or blocked, so the hall cannot be changed.', {
    claimed_seats,
  })
const soldTickets = (count: number) => (count === 1 ? 'A ticket has' : `${count} tickets have`)
export const hasSoldTickets = (sold_tickets: number) =>
  new AppError(
    409,
    'sessions.has_sold_tickets',
    `${soldTickets(sold_tickets)} been sold. Say cancel=true, or POST /sessions/{id}/cancel, to give their money back.`,
    { sold_tickets },
  )
export const soldAndOver = (sold_tickets: number) =>
  new AppError(
    409,
    'sessions.sold_and_over',
    `${soldTickets(sold_tickets)} been sold and the session is over, so it stays in the books. Money goes back order by order, with POST /orders/{id}/cancel and a reason.`,
    { sold_tickets },
  )
export const stillReturning = (sold_tickets: number) =>
  new AppError(
    409,
    'sessions.still_returning',
    `${soldTickets(sold_tickets)} still to be given back. GET /sessions/{id}/cancellation says how far that is; delete the session when it is done.`,
    { sold_tickets },
  )

type Clash = { id: number; movie_title: string; start_time: Date; end_time: Date }

export const overlap = (session: Clash | undefined) =>
  new AppError(409, 'sessions.overlap', 'The hall is taken at that time, or is being cleaned.', session && { session })

export const noticeWithoutMove = () =>
  invalid(
    '/notice',
    'Holders are told of another start only. Move the session, or leave the notice out.',
    'sessions.notice_without_move',
  )
export const sameHall = () => invalid('/hall_id', 'The session takes place in this hall already.', 'sessions.same_hall')
export const seatsUnplaced = (ticket_ids: number[]) =>
  new AppError(
    409,
    'sessions.seats_unplaced',
    `${ticket_ids.length === 1 ? 'A ticket has' : `${ticket_ids.length} tickets have`} no seat in that hall. Say unplaced "refund" to give their money back.`,
    { ticket_ids },
  )
export const holdersInside = (ticket_ids: number[]) =>
  new AppError(409, 'sessions.holders_inside', 'Holders who have walked in would be left without a seat.', { ticket_ids })
