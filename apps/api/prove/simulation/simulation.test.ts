import { afterAll, expect, test } from 'vitest'

import { toCommand } from './deed.ts'
import { houseDeeds } from './house.ts'
import { liveAll, patienceFor, seedsOr } from './lives.ts'
import { moneyDeeds } from './money-deeds.ts'
import { becomeQuiet } from './quiet.ts'
import { seatDeeds } from './seat-deeds.ts'
import { openWorld, type World } from './world.ts'

const SEEDS = seedsOr(60)
const STEPS = 120

const { book, rush, add, changeSeat, extend } = seatDeeds
const { pay, payCash, cancel } = moneyDeeds
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

test(
  `Q-09 ${SEEDS} lives of a cinema: whatever people, time and the provider do, seats and money agree with the model`,
  async () => {
    const world = await openWorld()
    worlds.push(world)
    const { counters } = world
    await liveAll({
      world,
      seeds: SEEDS,
      commands,
      steps: STEPS,
      begin: () => world.begin(),
      end: becomeQuiet,
      name: 'lives of a cinema',
    })
    expect(SEEDS < ENOUGH ? [] : MUST_BE_SEEN.filter((name) => counters.get(name) === 0)).toEqual([])
  },
  patienceFor(SEEDS),
)
