import { expect, test } from 'vitest'

import { describeCounts } from '../lib/counters.ts'
import { watchDeadlocks } from '../lib/deadlocks.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { changeRaces } from './change.races.ts'
import { payRaces } from './pay.races.ts'
import { runRace } from './race.ts'
import { reserveRaces } from './reserve.races.ts'
import { createStage } from './stage.ts'

const stage = await createStage()
const races = [...reserveRaces, ...payRaces, ...changeRaces]

test.each(races)('Q-05 race: $name', async (race) => {
  const deadlocks = await watchDeadlocks(stage.app.pool)
  const { rounds, ms, outcomes, met, forbidden } = await runRace(race, stage)
  const died = await deadlocks()
  console.log(`${race.name}: ${rounds} rounds, ${ms} ms, ${describeCounts(met)}, ${died} deadlocks`)
  expect({ forbidden, outcomes }).toMatchObject({ forbidden: [] })
  for (const [name, times] of Object.entries(met)) expect(times, name).toBeGreaterThan(0)
  expect(died).toBe(0)
  await stage.bury()
  await expectInvariants(stage.db)
})
