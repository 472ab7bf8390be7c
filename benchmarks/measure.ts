import { setTimeout as sleep } from 'node:timers/promises'

import { type Cost, costBetween, snapshot, type Watched } from './cpu.ts'
import { ARENA_FIRST_SESSION, HELD, SOLD } from './house.ts'
import type { LoadReport, Scene } from './load.ts'
import type { Pgbench } from './pgbench.ts'
import type { Load } from './web.ts'

export const SCENES = ['pgbench', 'spread', 'coded', 'hot', 'sold', 'held'] as const
export type SceneName = (typeof SCENES)[number]

/** `unexpected` counts answers that are not what the scene is about; they are not in the rate. */
export type Measured = Cost & { p50_ms: number; p99_ms: number; unexpected: number }

const BOOKED = 201
const REFUSED = 409

const between = (from: LoadReport, to: LoadReport): Record<number, number> =>
  Object.fromEntries(Object.entries(to.statuses).map(([status, count]) => [status, count - (from.statuses[Number(status)] ?? 0)]))

type Bench = { load: Load; pgbench: Pgbench; watched: Watched; warm_seconds: number }

/** One run of one scene at a time, and what all of them together have made. */
export const createMeasure = ({ load, pgbench, watched, warm_seconds }: Bench) => {
  const made = { web: 0, pgbench: 0 }
  let hotSessions = 0

  const sceneOf = (name: Exclude<SceneName, 'pgbench'>): Scene => {
    if (name === 'spread' || name === 'coded') return { name }
    if (name === 'sold') return { name: 'refused', ...SOLD }
    if (name === 'held') return { name: 'refused', ...HELD }
    hotSessions += 1
    return { name: 'hot', session: ARENA_FIRST_SESSION + hotSessions - 1 }
  }

  const overHttp = async (name: Exclude<SceneName, 'pgbench'>, window_seconds: number): Promise<Measured> => {
    await load.ask({ kind: 'start', scene: sceneOf(name) })
    await sleep(warm_seconds * 1000)
    const reported = await load.ask({ kind: 'sample' })
    const from = snapshot(watched)
    await sleep(window_seconds * 1000)
    const to = snapshot(watched)
    const last = await load.ask({ kind: 'sample' })
    const total = await load.ask({ kind: 'stop' })
    made.web += total.statuses[BOOKED] ?? 0
    const counts = between(reported, last)
    const wanted = name === 'sold' || name === 'held' ? REFUSED : BOOKED
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const done = counts[wanted] ?? 0
    return { ...costBetween(from, to, done), p50_ms: last.p50_ms, p99_ms: last.p99_ms, unexpected: all - done }
  }

  const overPgbench = async (window_seconds: number): Promise<Measured> => {
    const { processed, ...cost } = await pgbench('whole', warm_seconds, window_seconds)
    made.pgbench += processed
    return { ...cost, p50_ms: Number.NaN, p99_ms: Number.NaN, unexpected: 0 }
  }

  return {
    /** Bookings acknowledged to the web's clients, and statements that pgbench ran without an error. */
    made,
    run: (name: SceneName, window_seconds: number) =>
      name === 'pgbench' ? overPgbench(window_seconds) : overHttp(name, window_seconds),
  }
}
