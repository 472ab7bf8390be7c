import { LRUCache } from 'lru-cache'

import type { Db } from '#platform/db/kysely.ts'
import type { DatabaseHandle } from '#platform/db/pool.ts'
import type { SignedIn } from '#platform/http/access.ts'
import { findBearer } from './repository.ts'
import { invalidToken, type TokenClaims, type Tokens } from './tokens.ts'

const CHANNEL = 'access_changed'
const REMEMBERED = 50_000
const MOST_CHANGES = 10_000

type Deps = {
  db: Db
  tokens: Pick<Tokens, 'claimsOf'>
  /** Whether staff who have not shown a second factor may do nothing but set one up. */
  staffNeedsFactor?: boolean
}
type Kept = { actor: SignedIn; age: number }

/**
 * Who bears a token, as the database knows them now. Staff are read at every request. Customers are remembered until a
 * change of theirs is heard; while nothing can be heard, nobody is.
 */
export const createBearers = ({ db, tokens, staffNeedsFactor = false }: Deps) => {
  const known = new LRUCache<string, Kept>({ max: REMEMBERED })
  /** The age at which somebody changed last; whoever was read before that is read again. */
  const changes = new Map<number, number>()
  let age = 0
  let hears = false
  let stop: (() => Promise<void>) | undefined

  const forgetAll = () => {
    age += 1
    known.clear()
    changes.clear()
  }

  const forget = (userId: number) => {
    if (changes.size >= MOST_CHANGES) forgetAll()
    age += 1
    changes.set(userId, age)
  }

  const hear = (payload: string) => {
    if (/^\d+$/.test(payload)) forget(Number(payload))
    else forgetAll()
  }

  const read = async (claims: TokenClaims): Promise<SignedIn> => {
    const found = await findBearer(db, claims)
    if (!found) throw invalidToken()
    const { role, permissions, is_everywhere, cinema_ids, is_strong } = found
    const enrols = staffNeedsFactor && role !== 'customer' && !is_strong
    const scope = is_everywhere ? null : cinema_ids
    return { kind: 'user', ...claims, role, permissions: new Set(permissions), cinema_ids: scope, ...(enrols && { enrols }) }
  }

  return {
    actorOf: async (token: string): Promise<SignedIn> => {
      const claims = await tokens.claimsOf(token)
      const kept = hears ? known.get(token) : undefined
      if (kept && (changes.get(claims.id) ?? 0) <= kept.age) return kept.actor
      // Before the database is asked: a change that comes in between makes the answer too old to keep.
      const before = age
      const actor = await read(claims)
      const isToKeep = hears && actor.role === 'customer' && actor.impersonated_by === null
      if (isToKeep && (changes.get(actor.id) ?? 0) <= before) known.set(token, { actor, age: before })
      return actor
    },
    /** This process need not wait for what it says itself. */
    forget,
    open: async ({ listen }: Pick<DatabaseHandle, 'listen'>) => {
      stop = await listen(CHANNEL, {
        hint: hear,
        hears: (isConnected) => {
          forgetAll()
          hears = isConnected
        },
      })
    },
    close: async () => stop?.(),
  }
}
