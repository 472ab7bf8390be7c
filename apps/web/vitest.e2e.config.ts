import { defineConfig } from 'vitest/config'

const shared = {
  isolate: false,
  // A browser on a crowded machine is late now and then; what fails twice has failed.
  retry: 1,
  sequence: { concurrent: true },
  maxConcurrency: 3,
  testTimeout: 180_000,
  hookTimeout: 120_000,
}

/** Tests in a real Chromium. Speed is measured alone; the others run a few at once, as most of a test is waiting. */
export default defineConfig({
  test: {
    globalSetup: ['e2e/global-setup.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'speed',
          include: ['e2e/speed.e2e.ts'],
          maxWorkers: 1,
          sequence: { concurrent: false, groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'ways',
          include: ['e2e/**/*.e2e.ts'],
          exclude: ['e2e/speed.e2e.ts'],
          maxWorkers: 3,
          sequence: { concurrent: true, groupOrder: 0 },
        },
      },
    ],
  },
})
