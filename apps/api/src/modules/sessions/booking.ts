import { LRUCache } from 'lru-cache'

import type { Db, Tx } from '#platform/db/kysely.ts'
import type { AppError } from '#platform/errors.ts'
import { notOnSale, sessionCancelled, sessionNotFound, sessionStarted } from './errors.ts'
import * as repository from './repository.ts'
import type { BookableSession } from './repository.ts'

const MAX_CACHED = 20_000
/** The write compares the session's version; only a movie's title in an order can be this old. */
const CACHED_FOR_MS = 60_000

/** What a checkout asks about a session. Whatever depends on the time is judged by the database at the moment of the write. */
export const createBooking = ({ db }: { db: Db }) => {
  const known = new LRUCache<number, Promise<BookableSession | undefined>>({ max: MAX_CACHED, ttl: CACHED_FOR_MS })

  const read = (id: number) => {
    const reading = repository.findBookable(db, id)
    const forget = () => known.peek(id) === reading && known.delete(id)
    known.set(id, reading)
    void reading.then((session) => session ?? forget(), forget)
    return reading
  }

  return {
    /** Up to a minute old, unless `fresh`: for writes that name its version. Not for use inside a transaction. */
    forBooking: (id: number, { fresh = false }: { fresh?: boolean } = {}): Promise<BookableSession | undefined> =>
      (fresh ? undefined : known.get(id)) ?? read(id),

    /** Why no seat of this session can be booked now; undefined when one can. */
    whyClosed: async (on: Db, id: number): Promise<AppError | undefined> => {
      const session = await repository.findSaleState(on, id)
      if (!session) return sessionNotFound()
      if (session.status === 'cancelled') return sessionCancelled()
      if (session.has_started) return sessionStarted()
      return session.is_on_sale ? undefined : notOnSale()
    },

    /** The session as it is now, kept from changing until the transaction ends. */
    lockForBooking: (tx: Tx, id: number) => repository.lockBookable(tx, id),
  }
}
