import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { secretToken } from '#platform/codes.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Actor } from '#platform/http/access.ts'

const hash = (token: string) => createHash('sha256').update(token).digest('base64url')

const KNOWN_TOKENS = 10_000
const KNOWN_FOR_MS = 60_000

export const createGuestsService = ({ db }: { db: Db }) => {
  const known = new LRUCache<string, Actor>({ max: KNOWN_TOKENS, ttl: KNOWN_FOR_MS })

  return {
    /** A new guest and the token that proves who they are; only its hash is stored. */
    create: async () => {
      const token = secretToken()
      const { id } = await db
        .insertInto('guests')
        .values({ token_hash: hash(token) })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { guest_id: id, token }
    },
    byToken: async (token: string): Promise<Actor | undefined> => {
      const token_hash = hash(token)
      const cached = known.get(token_hash)
      if (cached) return cached
      const row = await db.selectFrom('guests').select('id').where('token_hash', '=', token_hash).executeTakeFirst()
      if (!row) return undefined
      const actor: Actor = { kind: 'guest', id: row.id }
      known.set(token_hash, actor)
      return actor
    },
  }
}
