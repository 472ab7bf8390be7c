/**
 * What the bench database holds, in numbers from which both sides work out ids: session s plays in hall
 * (s - 1) % HALLS + 1, whose seats are numbered through. HTTP sells the front half of each hall, pgbench the rear.
 */
export const SESSIONS = 10_000
export const HALLS = 50
export const HALL_ROWS = 10
export const ROW_SEATS = 20
export const HALL_SEATS = HALL_ROWS * ROW_SEATS
export const SIDE_SEATS = HALL_SEATS / 2
export const PRICE_MINOR = 20_000
/** Why a seat costs what it does, as the API writes it. */
export const TRACE = [{ source: 'session.base_price', label: 'Standard seat', amount: PRICE_MINOR / 100 }]
export const MOVIE_TITLE = 'The Long Queue'
/** A code that everybody uses: limited, so that each use is counted. */
export const PROMO_CODE = 'EVERYBODY'

export type FullSession = { hall: number; session: number; first_seat: number }
/** Every seat paid for. */
export const SOLD: FullSession = { hall: HALLS + 1, session: SESSIONS + 1, first_seat: HALLS * HALL_SEATS + 1 }
/** Every seat on hold, as in the first minutes of a rush. */
export const HELD: FullSession = { hall: HALLS + 2, session: SESSIONS + 2, first_seat: SOLD.first_seat + HALL_SEATS }

/** A hall of its own for the hot session, large enough for a whole window. */
export const ARENA_HALL = HALLS + 3
export const ARENA_ROWS = 60
export const ARENA_ROW_SEATS = 999
export const ARENA_SEATS = ARENA_ROWS * ARENA_ROW_SEATS
export const ARENA_FIRST_SEAT = HELD.first_seat + HALL_SEATS
export const ARENA_FIRST_SESSION = HELD.session + 1

/** Each side has its own buyers, in the ratio of the expected rates, so that theirs come with as many pending orders. */
export const WEB_USERS = 40_000
export const PGBENCH_USERS = 80_000
export const HOLD_SECONDS = 86_400

const MULTIPLIER = 1_664_525
const INCREMENT = 1_013_904_223

/** The numbers below n in an order that looks random and is the same every time. */
export const shuffled = (n: number, seed: number): Uint32Array => {
  const order = Uint32Array.from({ length: n }, (_, index) => index)
  let state = seed >>> 0
  for (let last = n - 1; last > 0; last -= 1) {
    state = (Math.imul(state, MULTIPLIER) + INCREMENT) >>> 0
    const other = Math.floor((state / 2 ** 32) * (last + 1))
    const kept = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = kept
  }
  return order
}
