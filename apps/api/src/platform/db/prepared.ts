import { LRUCache } from 'lru-cache'
import type pg from 'pg'

import type { Pool } from './pool.ts'

/** A text asked for this often gets a name: each connection then parses and plans it once, not every time. */
const WORTH_A_NAME = 5
/** A backend keeps a plan for each name until it ends, so their number is bounded. */
const MOST_NAMES = 300
const MOST_COUNTED = 2_000

const createNames = () => {
  const uses = new LRUCache<string, number>({ max: MOST_COUNTED })
  const names = new Map<string, string | undefined>()
  return {
    nameOf: (text: string): string | undefined => {
      if (names.has(text) || names.size >= MOST_NAMES) return names.get(text)
      const used = (uses.get(text) ?? 0) + 1
      uses.set(text, used)
      if (used >= WORTH_A_NAME) names.set(text, `q${names.size + 1}`)
      return names.get(text)
    },
    /** This text goes unnamed from now on. */
    drop: (text: string) => names.set(text, undefined),
  }
}

/** A migration beside us changed what the statement returns; the server refuses the plan made before it. */
export const isStalePlan = (error: unknown): boolean => {
  const { code, routine } = error as { code?: string; routine?: string }
  return code === '0A000' && routine === 'RevalidateCachedQuery'
}

type Client = pg.PoolClient & { getTransactionStatus: () => string | null }
const IDLE = 'I'

/** The same pool, for the query builder: whatever is asked often runs as a prepared statement. */
export const prepareFrequent = (pool: Pool) => {
  const { nameOf, drop } = createNames()
  const facades = new WeakMap<pg.PoolClient, pg.PoolClient>()

  const queryOn = (client: Client) => async (text: string, values: unknown[]) => {
    const name = values.length > 0 ? nameOf(text) : undefined
    if (!name) return client.query(text, values)
    try {
      return await client.query({ name, text, values })
    } catch (error) {
      if (!isStalePlan(error)) throw error
      drop(text)
      if (client.getTransactionStatus() !== IDLE) throw error
      return client.query(text, values)
    }
  }

  const facadeOf = (client: pg.PoolClient) => {
    const known = facades.get(client)
    if (known) return known
    // What the pool does to its client, such as giving it a new release(), shows through.
    const facade = Object.assign(Object.create(client) as pg.PoolClient, { query: queryOn(client as Client) })
    facades.set(client, facade)
    return facade
  }

  return {
    connect: async () => facadeOf(await pool.connect()),
    end: () => pool.end(),
    options: pool.options,
  }
}
