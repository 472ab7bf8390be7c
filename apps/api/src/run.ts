import closeWithGrace from 'close-with-grace'

import { loadConfig } from '#platform/config.ts'
import { createLog } from '#platform/log.ts'
import { giveBackStartMemory } from '#platform/memory.ts'
import { keepTicksQuick } from '#platform/ticks.ts'
import { start } from './start.ts'

const GRACE_MS = 15_000

keepTicksQuick()

try {
  const config = loadConfig()
  const log = createLog(config)
  const running = await start(config, log)
  giveBackStartMemory()
  closeWithGrace({ delay: GRACE_MS, logger: log }, async ({ err }) => {
    if (err) log.fatal({ err }, 'unexpected failure, shutting down')
    await running.close()
  })
} catch (error) {
  const isConfig = error instanceof Error && error.name === 'ConfigError'
  process.stderr.write(isConfig ? `${error.message}\n` : `${(error as Error).stack}\n`)
  process.exitCode = 1
}
