import { setTimeout as sleep } from 'node:timers/promises'

import { AppError } from '#platform/errors.ts'
import { createCounters } from '../lib/counters.ts'
import type { Stage } from './stage.ts'

/** One round: who races, and what there is to see afterwards. */
type Round = {
  rivals: Record<string, () => Promise<unknown>>
  look?: () => Promise<string>
}
export type Race = {
  name: string
  rounds: number
  /** Gives one rival a head start, lengthened until it wins and shortened when it has: the tightest race there is. */
  balance?: { head: string; won: RegExp }
  scene: (stage: Stage) => Promise<Round>
  /** Every way a round may end; any other is a violation. */
  may: RegExp
  /** What must have been seen at least once while the rivals overlapped, or the race was not met. */
  met: Record<string, RegExp>
}

const LANES = 4
const ROUNDS = Number(process.env['PROVE_ROUNDS'] ?? 0.6)
/** A busy machine meets rarely what a quiet one meets at once: as long as something has not been met, so many times the rounds. */
const PATIENCE = 5
/** Started only after another had ended: such a round proves nothing and counts for nothing. */
const NOT_MET = 'one after the other'

/** A named refusal, or the error as it is: a race knows no other failures. */
const nameOf = (error: unknown): string => {
  if (error instanceof AppError) return error.status === 503 ? `503 ${error.code}` : error.code
  return `!${error instanceof Error ? error.message : String(error)}`
}

const SLACK_MS = 3
const STEP_MS = 0.5
const STEP_SHARE = 0.15
const MOST_MS = 150

/** How much earlier the head starts than the others; later, when negative. */
const createHeadStart = (balance: Race['balance']) => {
  let head_ms = 0
  return {
    delayOf: (name: string): number => {
      const slack = Math.random() * SLACK_MS
      if (!balance) return slack
      const start_ms = head_ms * (0.6 + Math.random() * 0.8)
      return slack + (name === balance.head ? Math.max(0, -start_ms) : Math.max(0, start_ms))
    },
    learn: (outcome: string): void => {
      const step = Math.max(STEP_MS, Math.abs(head_ms) * STEP_SHARE)
      head_ms = Math.min(MOST_MS, Math.max(-MOST_MS, head_ms + (balance?.won.test(outcome) ? -step : step)))
    },
  }
}

const runRound = async ({ rivals, look }: Round, delayOf: (name: string) => number): Promise<string> => {
  const finished: string[] = []
  let late = false
  const results = await Promise.all(
    Object.entries(rivals).map(async ([name, run]) => {
      const delay = delayOf(name)
      if (delay >= 1) await sleep(delay)
      late ||= finished.length > 0
      const result = await run().then(() => 'ok', nameOf)
      finished.push(name)
      return `${name}:${result}`
    }),
  )
  return `${results.join(' ')}${look ? ` → ${await look()}` : ''} (${finished[0]} first${late ? `, ${NOT_MET}` : ''})`
}

export type Tally = {
  rounds: number
  overlapped: number
  ms: number
  outcomes: Record<string, number>
  met: Record<string, number>
  forbidden: string[]
}

/** Runs a race, a few rounds side by side, and says how the rounds ended. */
export const runRace = async (race: Race, stage: Stage): Promise<Tally> => {
  const rounds = Math.max(1, Math.round(race.rounds * ROUNDS))
  const started = performance.now()
  const [counters, headStart] = [createCounters(), createHeadStart(race.balance)]
  const count = (pattern: RegExp) =>
    Object.entries(counters.all()).reduce(
      (sum, [outcome, times]) => sum + (!outcome.includes(NOT_MET) && pattern.test(outcome) ? times : 0),
      0,
    )
  const isMissing = () => Object.values(race.met).some((pattern) => count(pattern) === 0)
  let begun = 0
  const lane = async () => {
    while (begun < rounds || (begun < rounds * PATIENCE && isMissing())) {
      begun += 1
      const outcome = await runRound(await race.scene(stage), headStart.delayOf)
      headStart.learn(outcome)
      counters.add(outcome)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  const outcomes = counters.all()
  return {
    rounds: begun,
    overlapped: count(/./),
    ms: Math.round(performance.now() - started),
    outcomes,
    met: Object.fromEntries(Object.entries(race.met).map(([name, pattern]) => [name, count(pattern)])),
    forbidden: Object.keys(outcomes).filter((outcome) => !race.may.test(outcome)),
  }
}
