import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { secretToken } from '#platform/codes.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Actor } from '#platform/http/access.ts'
import type { Locale } from '#platform/i18n.ts'
import * as repository from './repository.ts'

const hash = (token: string) => createHash('sha256').update(token).digest('base64url')

type Guest = Extract<Actor, { kind: 'guest' }>

const KNOWN_TOKENS = 10_000
const KNOWN_FOR_MS = 60_000
const BATCH = 500

/** Visitors without an account: whoever holds the token is that guest; only its hash is stored. */
export const createGuestsService = ({ db }: { db: Db }) => {
  const known = new LRUCache<string, Guest>({ max: KNOWN_TOKENS, ttl: KNOWN_FOR_MS })

  const forgetBatch = () =>
    transaction(db, async (tx) => {
      const ids = await repository.lockDue(tx, BATCH)
      if (ids.length > 0) await repository.forget(tx, ids)
      return ids.length
    })

  return {
    create: async ({ locale = 'uk' }: { locale?: Locale | undefined } = {}) => {
      const token = secretToken()
      const { id } = await repository.insertGuest(db, hash(token), locale)
      return { guest_id: id, token }
    },
    byToken: async (token: string): Promise<Guest | undefined> => {
      const token_hash = hash(token)
      const cached = known.get(token_hash)
      if (cached) return cached
      const row = await repository.findGuest(db, token_hash)
      if (!row) return undefined
      const actor: Guest = { kind: 'guest', id: row.id }
      known.set(token_hash, actor)
      return actor
    },
    /** The guest of this token, remembered from now on anew; nobody when it is not known any more. */
    renew: async (token: string, locale: Locale | undefined) => repository.renewGuest(db, hash(token), locale),
    releaseGuests: repository.releaseGuests,
    /** Forgets guests who have not come back and own no order. Each is looked at once, so those who stay cost nothing. */
    forgetIdle: async (): Promise<number> => {
      let total = 0
      for (;;) {
        const seen = await forgetBatch()
        total += seen
        if (seen < BATCH) return total
      }
    },
  }
}
export type GuestsService = ReturnType<typeof createGuestsService>
