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
export const MOVIE_TITLE = 'The Long Queue'

export const SOLD_OUT_HALL = HALLS + 1
export const SOLD_OUT_SESSION = SESSIONS + 1
export const SOLD_OUT_FIRST_SEAT = HALLS * HALL_SEATS + 1

export const ARENA_HALL = HALLS + 2
export const ARENA_ROWS = 60
export const ARENA_ROW_SEATS = 999
export const ARENA_SEATS = ARENA_ROWS * ARENA_ROW_SEATS
export const ARENA_FIRST_SEAT = SOLD_OUT_FIRST_SEAT + HALL_SEATS
export const ARENA_FIRST_SESSION = SOLD_OUT_SESSION + 1

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
