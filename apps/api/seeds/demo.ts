import { sql } from 'kysely'

import type { SignTicket } from '#modules/tickets/qr.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import { DEMO_PASSWORD, demoEmail, seedAccounts } from './accounts.ts'
import { seedCatalogue } from './catalogue.ts'
import { demoCinemas, seedHalls } from './halls.ts'
import { seedPrices, takeCards } from './prices.ts'
import { seedPoints, seedPromotions } from './promotions.ts'
import { seedReviews } from './reviews.ts'
import { seedSales } from './sales.ts'
import { topUpSessions } from './schedule.ts'

export type SeedOptions = {
  db: Db
  now: Date
  hashPassword: (password: string) => Promise<string>
  signTicket: SignTicket
  cleaningMinutes: number
  doorsOpenMinutes: number
  currency: string
  mockProvider: boolean
}

const isSeeded = async (db: Db): Promise<boolean> => {
  const { rows } = await sql`select from cinemas where name = any(${demoCinemas}::text[]) limit 1`.execute(db)
  return rows.length > 0
}

/**
 * Fills an empty house with the demo, or carries the demo's programme on to a fortnight from `now`. Safe to call at
 * every start and from several processes at once: the second waits and finds nothing left to do.
 */
export const seedDemo = async (options: SeedOptions): Promise<{ created: boolean; sessions_added: number }> => {
  const { db, now, currency, cleaningMinutes } = options
  const hashedPassword = (await isSeeded(db)) ? null : await options.hashPassword(DEMO_PASSWORD)
  return transaction(db, async (tx) => {
    await sql`set local lock_timeout = '9s'`.execute(tx)
    // Conflicts with itself and with writers of cinemas, but not with bookings.
    await sql`lock table cinemas in share row exclusive mode`.execute(tx)
    const created = hashedPassword !== null && !(await isSeeded(tx))
    if (created) {
      await seedCatalogue(tx)
      await seedHalls(tx, currency)
      await seedPrices(tx)
      await seedAccounts(tx, hashedPassword)
      await seedPromotions(tx)
      await seedPoints(tx, demoEmail('customer'))
    }
    const added = await takeCards(tx, await topUpSessions(tx, now, cleaningMinutes))
    if (created) {
      await seedSales(tx, added, options)
      await seedReviews(tx, now)
    }
    return { created, sessions_added: added.length }
  })
}
