import { defineConfig } from 'vitest/config'

/** One file after the other: each of them wants the whole machine. */
export default defineConfig({
  test: {
    include: ['prove/**/*.test.ts'],
    globalSetup: ['prove/global-setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    maxConcurrency: 2,
    disableConsoleIntercept: true,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
})
