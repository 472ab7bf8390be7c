/** How large a chain is that has sold so many tickets in a year. */
export type Shape = {
  tickets: number
  users: number
  movies: number
  cinemas: number
  halls: number
  past_sessions: number
  upcoming_sessions: number
  /** How likely a group of seats is asked for, before a session's own luck. */
  past_demand: number
  upcoming_demand: number
}

export const HALL_ROWS = 10
export const ROW_SEATS = 20
export const HALL_SEATS = HALL_ROWS * ROW_SEATS
/** The last party's seats are never sold, so that some can be blocked. */
export const SOLD_SEATS = HALL_SEATS - 4

export const SLOTS_A_DAY = 5
export const PAST_DAYS = 365
export const UPCOMING_DAYS = 21

const TICKETS_A_SESSION = 100
const TICKETS_A_USER = 10
const UPCOMING_SHARE = 0.12
const PAST_DEMAND = 0.53
const UPCOMING_DEMAND = 0.3
const HALLS_A_CINEMA = 8
/** A catalogue does not grow with what is sold. */
const MOVIES = 2_000

export const SMALLEST = 10_000
export const LARGEST = 10_000_000

/** Occupancy, tickets per person and the catalogue are the same at every size: only how much there is of it grows. */
export const shapeOf = (tickets: number): Shape => {
  const sessions = Math.round(tickets / TICKETS_A_SESSION)
  const upcoming_sessions = Math.round(sessions * UPCOMING_SHARE)
  const past_sessions = sessions - upcoming_sessions
  const halls = Math.ceil(upcoming_sessions / (UPCOMING_DAYS * SLOTS_A_DAY))
  const expected = SOLD_SEATS * (past_sessions * PAST_DEMAND + upcoming_sessions * UPCOMING_DEMAND)
  return {
    tickets,
    users: Math.round(tickets / TICKETS_A_USER),
    movies: MOVIES,
    cinemas: Math.ceil(halls / HALLS_A_CINEMA),
    halls,
    past_sessions,
    upcoming_sessions,
    past_demand: (PAST_DEMAND * tickets) / expected,
    upcoming_demand: (UPCOMING_DEMAND * tickets) / expected,
  }
}

/** `1e6`, `1000000` or `1_000_000`. */
export const readSize = (text: string): number => {
  const size = Number(text.replaceAll('_', ''))
  if (!Number.isInteger(size) || size < SMALLEST || size > LARGEST)
    throw new Error(`--tickets must be a whole number from ${SMALLEST} to ${LARGEST}.`)
  return size
}

export const shortSize = (tickets: number): string =>
  tickets
    .toExponential(1)
    .replace(/\.0e\+/, 'e')
    .replace('e+', 'e')
