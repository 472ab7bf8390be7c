import { defineConfig } from 'vitest/config'
import {
  BaseSequencer,
  type TestSequencer,
  type TestSequencerConstructor,
  type TestSpecification,
  type Vitest,
} from 'vitest/node'

const shared = {
  pool: 'forks' as const,
  maxConcurrency: 2,
  disableConsoleIntercept: true,
  testTimeout: 180_000,
  hookTimeout: 60_000,
}

/** In their order; begun last, the first would keep the others waiting for two minutes. */
const LONGEST = [
  'fuzz/fuzz.test.ts',
  'faults/killed.test.ts',
  'faults/embedded.test.ts',
  'faults/provider.test.ts',
  'simulation/till/till.test.ts',
  'races/races.test.ts',
  'mutants/mutants.test.ts',
]

/** Vitest makes it with `new`, and takes what it returns. */
function LongestFirst(vitest: Vitest): TestSequencer {
  const usual = new BaseSequencer(vitest)
  const inTurn = usual.sort.bind(usual)
  const rank = ({ moduleId }: TestSpecification) => {
    const place = LONGEST.findIndex((name) => moduleId.endsWith(name))
    return place === -1 ? LONGEST.length : place
  }
  return {
    shard: usual.shard.bind(usual),
    sort: async (files) => (await inTurn(files)).toSorted((a, b) => rank(a) - rank(b)),
  }
}

/** Storms and overload want the whole machine, one file after the other; races and mutants leave half of it idle. */
export default defineConfig({
  test: {
    globalSetup: ['prove/global-setup.ts'],
    sequence: { sequencer: LongestFirst as unknown as TestSequencerConstructor },
    projects: [
      {
        test: {
          ...shared,
          name: 'side by side',
          include: ['prove/{access,faults,fuzz,plans,simulation}/**/*.test.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'two at a time',
          include: ['prove/{races,mutants}/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'alone',
          include: ['prove/storm/**/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
