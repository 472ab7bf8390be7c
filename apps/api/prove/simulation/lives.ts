import fc from 'fast-check'

import { type Counters, describeCounts } from '../lib/counters.ts'
import type { SceneOf } from './deed.ts'

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)
/** How many lives are asked for. */
export const seedsOr = (otherwise: number) => number('PROVE_SEEDS', otherwise)
const FIRST = number('PROVE_SEED', 1)
const PATH = process.env['PROVE_PATH']
const REPLAY = process.env['PROVE_REPLAY']
const isShrunk = process.env['PROVE_SHRINK'] !== 'off'
const SHRINK_MS = 90_000
export const patienceFor = (seeds: number) => SHRINK_MS + 60_000 + seeds * 5_000

type World = { counters: Counters; forget: () => Promise<void> }
type Lives<M extends object, W extends World> = {
  name: string
  world: W
  seeds: number
  commands: fc.Arbitrary<fc.AsyncCommand<M, W>>[]
  steps: number
  begin: (seed: number) => Promise<M>
  end: (scene: SceneOf<M, W>) => Promise<void>
}

/** One seed is one life of a cinema. Its failure is shrunk, and says how to see it again. */
const live = async <M extends object, W extends World>(
  { name, world, commands, steps: maxCommands, begin, end }: Lives<M, W>,
  seed: number,
): Promise<void> => {
  let isShrinking = false
  const wish = fc.commands(commands, { maxCommands, size: 'max', ...(REPLAY && { replayPath: REPLAY }) })
  const property = fc.asyncProperty(wish, async (steps) => {
    const model = await begin(seed)
    try {
      await fc.asyncModelRun(() => ({ model, real: world }), steps)
      await end({ model, world })
    } catch (error) {
      if (!isShrinking) console.log(`${name}: seed ${seed} fails and is being shrunk: ${String(error)}`)
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
  const again = `npm run prove -- --seeds 1 --seed ${seed} --path ${report.counterexamplePath} --replay ${replay} -t '${name}'`
  const why = report.errorInstance instanceof Error ? report.errorInstance.stack : String(report.errorInstance)
  throw new Error(`Seed ${seed} fails, shrunk to:\n${steps.replaceAll('),', '),\n')}\n\n${why}\n\nAgain: ${again}`)
}

/** Lives all the seeds that were asked for, and says what was tried, accepted and met. */
export const liveAll = async <M extends object, W extends World>(lives: Lives<M, W>): Promise<void> => {
  const { seeds, world: { counters } } = lives // prettier-ignore
  const started = performance.now()
  for (let seed = FIRST; seed < FIRST + seeds; seed += 1) await live(lives, seed)
  const counts = Object.entries(counters.all())
  const tried = counts.filter(([name]) => name.startsWith('tried '))
  const steps = tried.reduce((sum, [, count]) => sum + count, 0)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(
    [
      `${lives.name}: ${seeds} seeds from ${FIRST}, ${steps} steps, 0 violations, ${seconds} s`,
      `  deeds (accepted of tried): ${tried.map(([name, count]) => `${name.slice(6)} ${counters.get(name.replace('tried', 'accepted'))}/${count}`).join(', ')}`,
      `  answers: ${describeCounts(Object.fromEntries(counts.filter(([name]) => /^\d{3}/.test(name))))}`,
      `  seen: ${describeCounts(Object.fromEntries(counts.filter(([name]) => !/^(\d{3}|tried|accepted)/.test(name))))}`,
    ].join('\n'),
  )
}
