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
  /** By how many milliseconds one rival may start before the others. */
  lead_ms: number
  scene: (stage: Stage) => Promise<Round>
  /** Every way a round may end; any other is a violation. */
  may: RegExp
  /** What must have been seen at least once while the rivals overlapped, or the race was not met. */
  met: Record<string, RegExp>
}

const LANES = 4
const ROUNDS = Number(process.env['PROVE_ROUNDS'] ?? 1)
/** Started only after another had ended: such a round proves nothing and counts for nothing. */
const NOT_MET = 'one after the other'

/** A named refusal, or the error as it is: a race knows no other failures. */
const nameOf = (error: unknown): string => {
  if (error instanceof AppError) return error.status === 503 ? `503 ${error.code}` : error.code
  return `!${error instanceof Error ? error.message : String(error)}`
}

/** Most leads are short; a few are long, for rivals that have much to do before they meet the other. */
const drawLead = (most_ms: number) => most_ms * Math.random() ** 2

const runRound = async ({ rivals, look }: Round, lead_ms: number): Promise<string> => {
  const names = Object.keys(rivals)
  const early = names[Math.floor(Math.random() * names.length)]
  const lead = drawLead(lead_ms)
  const finished: string[] = []
  let late = false
  const results = await Promise.all(
    Object.entries(rivals).map(async ([name, run]) => {
      if (name !== early && lead >= 1) await sleep(lead)
      late ||= finished.length > 0
      const result = await run().then(() => 'ok', nameOf)
      finished.push(name)
      return `${name}:${result}`
    }),
  )
  return `${results.join(' ')}${look ? ` → ${await look()}` : ''} (${late ? NOT_MET : `${finished[0]} first`})`
}

export type Tally = { rounds: number; overlapped: number; ms: number; outcomes: Record<string, number>; met: Record<string, number>; forbidden: string[] }

/** Runs a race, a few rounds side by side, and says how the rounds ended. */
export const runRace = async (race: Race, stage: Stage): Promise<Tally> => {
  const rounds = Math.max(1, Math.round(race.rounds * ROUNDS))
  const started = performance.now()
  const counters = createCounters()
  let left = rounds
  const lane = async () => {
    while (left > 0) {
      left -= 1
      counters.add(await runRound(await race.scene(stage), race.lead_ms))
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  const outcomes = counters.all()
  const overlapping = Object.entries(outcomes).filter(([outcome]) => !outcome.includes(NOT_MET))
  const count = (pattern: RegExp) => overlapping.reduce((sum, [outcome, times]) => sum + (pattern.test(outcome) ? times : 0), 0)
  return {
    rounds,
    overlapped: count(/./),
    ms: Math.round(performance.now() - started),
    outcomes,
    met: Object.fromEntries(Object.entries(race.met).map(([name, pattern]) => [name, count(pattern)])),
    forbidden: Object.keys(outcomes).filter((outcome) => !race.may.test(outcome)),
  }
}
