import { afterAll, describe, expect, test } from 'vitest'

import { describeCounts } from '../lib/counters.ts'
import { watchDeadlocks } from '../lib/deadlocks.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { adoptRaces } from './adopt.races.ts'
import { changeRaces } from './change.races.ts'
import { exchangeRaces } from './exchange.races.ts'
import { payRaces } from './pay.races.ts'
import { type Race, runRace } from './race.ts'
import { reserveRaces } from './reserve.races.ts'
import { createStage } from './stage.ts'

const stage = await createStage()
const table: string[] = []

const prove = async (race: Race) => {
  const deadlocks = await watchDeadlocks(stage.app.pool)
  const { rounds, overlapped, ms, outcomes, met, forbidden } = await runRace(race, stage)
  const died = await deadlocks()
  table.push(`${race.name} | ${rounds} | ${overlapped} | ${describeCounts(met)} | ${forbidden.length} | ${died} | ${ms} ms`)
  expect(forbidden, `forbidden: ${forbidden.join('; ')}`).toEqual([])
  for (const [name, times] of Object.entries(met)) expect(times, `${name}: ${JSON.stringify(outcomes)}`).toBeGreaterThan(0)
  expect(died, 'deadlocks').toBe(0)
}

const groups: Record<string, Race[]> = {
  reserve: reserveRaces,
  pay: payRaces,
  change: changeRaces,
  exchange: exchangeRaces,
  adopt: adoptRaces,
}

for (const [group, races] of Object.entries(groups))
  describe(`Q-05 races: ${group}`, () => {
    for (const race of races) test(`Q-05 race: ${race.name}`, () => prove(race))

    test('Q-05 after these races every invariant holds', async () => {
      await stage.bury()
      await expectInvariants(stage.db)
    })
  })

afterAll(() => {
  console.log(['', 'Q-05 race | rounds | overlapped | seen | violations | deadlocks | time', ...table].join('\n'))
})
