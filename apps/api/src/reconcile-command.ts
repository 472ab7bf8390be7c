import type { Config } from '#platform/config.ts'
import type { DatabaseHandle } from '#platform/db/pool.ts'
import { loadKeys } from '#platform/keys.ts'
import { createLog } from '#platform/log.ts'
import { createApp } from './app.ts'

type Opened = { config: Config; database: DatabaseHandle }

/** Compares our books with the payment provider's now, and says in a sentence how they stand; fails when they differ. */
export const reconcileNow = async ({ config, database }: Opened, say: (sentence: string) => void): Promise<void> => {
  const log = createLog({ ...config, LOG_LEVEL: 'error' })
  const app = await createApp({ config, database, keys: loadKeys(config), log })
  try {
    await app.open()
    const seen = await app.checkout.reconcile.run({ now: true })
    if (!seen) return say('There is no payment provider whose books could be compared.')
    const { provider, from, to, movements, differences } = seen
    const period = `${from.toISOString()} to ${to.toISOString()}`
    say(`Compared ${movements} movements at ${provider}, ${period}: ${differences} new differences.`)
    if (differences > 0) process.exitCode = 1
  } finally {
    await app.close()
  }
}
