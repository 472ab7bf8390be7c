import { describe, expect, test } from 'vitest'

import { describeCounts, quantile } from '../lib/counters.ts'
import { watchDeadlocks } from '../lib/deadlocks.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { type Cinema, openCinema, type Person } from './cinema.ts'
import { runStorm, type Storm, warmUp } from './storm.ts'

/** For each number of processes; the gate's are three together. */
const asked = process.env['STORM_ROUNDS']
const SETTINGS = [
  { processes: 1, rounds: Number(asked ?? 1) },
  { processes: 2, rounds: Number(asked ?? 2) },
]
const CLIENTS = 500
const PATIENCE_MS = 400_000
const SEATS = 200
/** Short, so that holds run out, are taken over and are swept while the storm lasts. */
const HOLD_SECONDS = 4
const HASTE = {
  HOLD_SECONDS: String(HOLD_SECONDS),
  PAYMENT_WINDOW_SECONDS: '6',
  MAX_HOLD_SECONDS: '12',
  SWEEP_SECONDS: '1',
  JOBS: 'true',
}

const report = (title: string, { seconds, all_seconds, counters, waits_ms, stock }: Storm, deadlocks: number) =>
  console.log(
    `${title}: ${stock.sold} sold, ${stock.double} double, ${deadlocks} deadlocks, ${stock.taken_over} taken over, ` +
      `${stock.sold_after_expiry} sold after expiry, sold out in ${seconds.toFixed(1)} s, all in ${all_seconds.toFixed(1)} s, ` +
      `p50 ${quantile(waits_ms, 0.5)} ms, p99 ${quantile(waits_ms, 0.99)} ms; ${describeCounts(counters.all())}`,
  )

const MUST_BE_SEEN = [
  '409 tickets.seats_taken',
  'groups held',
  'seats held',
  'declined',
  'paid by webhook',
  'forgotten',
  'repeats',
  'tickets cancelled',
  'tickets exchanged',
  'sold at the counter',
  'sold at the counter in two parts',
  'paid at the last moment',
]

const expectOrderInTheStorm = ({ counters, unexpected, stock }: Storm) => {
  expect(unexpected.slice(0, 10)).toEqual([])
  expect(stock).toMatchObject({ sold: SEATS, double: 0 })
  const seen = counters.all()
  for (const name of MUST_BE_SEEN) expect(seen[name], name).toBeGreaterThan(0)
  expect(stock.taken_over, 'expired holds taken over').toBeGreaterThan(0)
  expect(stock.sold_after_expiry, 'seats of expired holds sold').toBeGreaterThan(0)
}

describe.each(SETTINGS)('Q-05 seat storm, API processes: $processes', ({ processes, rounds }) => {
  test(
    `Q-05 ${CLIENTS} people want ${SEATS} seats: each seat is sold once and every loser is told so`,
    async () => {
      const cinema: Cinema = await openCinema({ processes, env: HASTE })
      try {
        const people: Person[] = await cinema.people(CLIENTS)
        await warmUp(cinema, people)
        for (let round = 1; round <= rounds; round += 1) {
          const deadlocks = await watchDeadlocks(cinema.pool)
          const storm = await runStorm(cinema, people, HOLD_SECONDS)
          const died = await deadlocks()
          report(`Q-05 round ${round} of ${rounds}, ${processes} process${processes > 1 ? 'es' : ''}`, storm, died)
          expectOrderInTheStorm(storm)
          expect(died).toBe(0)
          await expectInvariants(cinema.db, { sweeperRan: true })
        }
        expect(cinema.errors()).toEqual([])
      } finally {
        expect(await cinema.close()).toEqual(Array.from({ length: processes }, () => 0))
      }
    },
    PATIENCE_MS,
  )
})
