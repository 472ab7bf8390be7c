import type { Config } from '#platform/config.ts'
import type { DatabaseHandle } from '#platform/db/pool.ts'
import { loadKeys } from '#platform/keys.ts'
import { createLog } from '#platform/log.ts'
import { createApp } from './app.ts'

/** Compares our books with the payment provider's now, and says in a sentence how they stand. */
export const reconcileNow = async ({ config, database }: { config: Config; database: DatabaseHandle }) => {
  const log = createLog({ ...config, LOG_LEVEL: 'error' })
  const app = await createApp({ config, database, keys: loadKeys(config), log })
  try {
    await app.open()
    const seen = await app.checkout.reconcile.run({ now: true })
    if (!seen) return { sentence: 'There is no payment provider whose books could be compared.', isSound: true }
    const { provider, from, to, movements, differences } = seen
    const period = `${from.toISOString()} to ${to.toISOString()}`
    return {
      sentence: `Compared ${movements} movements at ${provider}, ${period}: ${differences} new differences.`,
      isSound: differences === 0,
    }
  } finally {
    await app.close()
  }
}
