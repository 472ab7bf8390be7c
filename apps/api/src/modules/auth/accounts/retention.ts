import { type Db, deleteUnreferred, transaction } from '#platform/db/kysely.ts'
import * as repository from './retention.repository.ts'

const BATCH = 5_000
const MOST_ACCOUNTS = 500

/** Forgets tokens, tries and places whose time is over, and accounts that nobody activated. */
export const createRetention = ({ db }: { db: Db }) => ({
  forgetExpired: async (): Promise<void> => {
    for (const table of repository.perishables)
      for (let seen = BATCH; seen === BATCH;) seen = await repository.forgetNext(db, table, BATCH)
    for (const id of await repository.pendingTooLong(db, MOST_ACCOUNTS))
      await transaction(db, (tx) => deleteUnreferred(tx, () => repository.deletePending(tx, id)))
  },
})
