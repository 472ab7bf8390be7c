import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', '../../benchmarks/*.test.ts'],
    globalSetup: ['src/testing/global-setup.ts'],
    pool: 'forks',
    // A file's modules are loaded once for all files of a worker; whatever has a state is made by the file itself.
    isolate: false,
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/testing/**', '**/*.test.ts'],
      reporter: ['text-summary', 'html', 'lcov'],
    },
  },
})
