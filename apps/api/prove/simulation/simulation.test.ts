import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'

import { describeCounts } from '../lib/counters.ts'
import { buyerDeeds } from './buyers.ts'
import { toCommand } from './deed.ts'
import { houseDeeds } from './house.ts'
import { becomeQuiet } from './quiet.ts'
import { openWorld, type World } from './world.ts'

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)
const SEEDS = number('PROVE_SEEDS', 100)
const FIRST = number('PROVE_SEED', 1)
const PATH = process.env['PROVE_PATH']
const REPLAY = process.env['PROVE_REPLAY']
const isShrunk = process.env['PROVE_SHRINK'] !== 'off'
const STEPS = 120
const SHRINK_MS = 90_000
const PATIENCE_MS = SHRINK_MS + 60_000 + SEEDS * 5_000

const { book, rush, add, changeSeat, extend, pay, payCash, cancel } = buyerDeeds
const { reprice, move, cancelOne, scan, undoScan, pass, comeLate, openDoors, sweep, tell, work } = houseDeeds
const often = <T>(times: number, command: T): T[] => Array.from({ length: times }, () => command)
const commands = [
  ...often(5, toCommand(pay)),
  ...often(4, toCommand(book)),
  ...often(2, toCommand(tell)),
  ...often(2, toCommand(sweep)),
  ...often(2, toCommand(scan)),
  toCommand(rush),
  toCommand(add),
  toCommand(changeSeat),
  toCommand(extend),
  toCommand(payCash),
  toCommand(cancel),
  toCommand(pass),
  toCommand(comeLate),
  toCommand(openDoors),
  toCommand(reprice),
  toCommand(move),
  toCommand(cancelOne),
  toCommand(undoScan),
  toCommand(work),
]

/** With so many seeds each of these must have been met, or the runs prove nothing. */
const ENOUGH = 50
const MUST_BE_SEEN = [
  '409 tickets.seats_taken',
  'unknown outcomes',
  'provider faults',
  'webhooks duplicated',
  'webhooks out of order',
  'late money',
  'late money that bought its seats',
  'refunds failed',
  'repeated with the key',
]

const worlds: World[] = []
afterAll(async () => {
  for (const world of worlds) await world.close()
})

/** One seed is one life of a cinema. Its failure is shrunk, and says how to see it again. */
const live = async (world: World, seed: number): Promise<void> => {
  let isShrinking = false
  const wish = fc.commands(commands, { maxCommands: STEPS, size: 'max', ...(REPLAY && { replayPath: REPLAY }) })
  const property = fc.asyncProperty(wish, async (steps) => {
    const model = await world.begin()
    try {
      await fc.asyncModelRun(() => ({ model, real: world }), steps)
      await becomeQuiet({ model, world })
    } catch (error) {
      if (!isShrinking) console.log(`Q-09: seed ${seed} fails and is being shrunk: ${String(error)}`)
      isShrinking = true
      await world.forget()
      throw error
    }
  })
  const report = await fc.check(property, {
    seed,
    numRuns: 1,
    endOnFailure: !isShrunk,
    plugins: [fc.unbiased(), fc.interruptAfterTimeLimit(SHRINK_MS)],
    ...(PATH && { path: PATH }),
  })
  if (!report.failed) return
  const steps = fc.stringify((report.counterexample as unknown[] | null)?.[0])
  const replay = /replayPath="([^"]*)"/.exec(steps)?.[1] ?? ''
  const again = `npm run prove -- --seeds 1 --seed ${seed} --path ${report.counterexamplePath} --replay ${replay}`
  const why = report.errorInstance instanceof Error ? report.errorInstance.stack : String(report.errorInstance)
  throw new Error(`Seed ${seed} fails, shrunk to:\n${steps.replaceAll('),', '),\n')}\n\n${why}\n\nAgain: ${again}`)
}

test(
  `Q-09 ${SEEDS} lives of a cinema: whatever people, time and the provider do, seats and money agree with the model`,
  async () => {
    const world = await openWorld()
    worlds.push(world)
    const started = performance.now()
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) await live(world, seed)
    const { counters } = world
    const counts = Object.entries(counters.all())
    const tried = counts.filter(([name]) => name.startsWith('tried '))
    const steps = tried.reduce((sum, [, count]) => sum + count, 0)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(
      [
        `Q-09 simulation: ${SEEDS} seeds from ${FIRST}, ${steps} steps, 0 violations, ${seconds} s`,
        `  deeds (accepted of tried): ${tried.map(([name, count]) => `${name.slice(6)} ${counters.get(name.replace('tried', 'accepted'))}/${count}`).join(', ')}`,
        `  answers: ${describeCounts(Object.fromEntries(counts.filter(([name]) => /^\d{3}/.test(name))))}`,
        `  seen: ${describeCounts(Object.fromEntries(counts.filter(([name]) => !/^(\d{3}|tried|accepted)/.test(name))))}`,
      ].join('\n'),
    )
    expect(SEEDS < ENOUGH ? [] : MUST_BE_SEEN.filter((name) => counters.get(name) === 0)).toEqual([])
  },
  PATIENCE_MS,
)
