import { defineConfig } from 'vitest/config'

const shared = {
  pool: 'forks' as const,
  maxConcurrency: 2,
  disableConsoleIntercept: true,
  testTimeout: 180_000,
  hookTimeout: 60_000,
}

/** Races, storms and overload want the whole machine, one file after the other; what mostly waits for others goes two at a time. */
export default defineConfig({
  test: {
    globalSetup: ['prove/global-setup.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'side by side',
          include: ['prove/{access,faults,fuzz,simulation}/**/*.test.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'alone',
          include: ['prove/{races,storm,mutants}/**/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
