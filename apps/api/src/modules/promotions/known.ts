import { LRUCache } from 'lru-cache'

import type { Clock } from '#platform/clock.ts'
import type { Db } from '#platform/db/kysely.ts'
import { tooManyTries, unknownCode } from './errors.ts'
import { findAutomatic, findByCode, type KnownRule } from './rules.repository.ts'

/** A promotion that another process has changed may be applied as it was for so long; its limits hold at once. */
const KNOWN_FOR_MS = 5_000
const MOST_CODES = 5_000
const TRIES = 10
const TRIES_MS = 600_000
const MOST_GUESSERS = 50_000

type Deps = { clock: Clock; isThrottled: boolean }

/** The promotions that this process remembers, and who has been guessing codes. */
export const createKnown = ({ clock, isThrottled }: Deps) => {
  const codes = new LRUCache<string, KnownRule>({ max: MOST_CODES, ttl: KNOWN_FOR_MS })
  const automatic = new LRUCache<'all', KnownRule[]>({ max: 1, ttl: KNOWN_FOR_MS })
  const guessers = new LRUCache<string, { tries: number; until: number }>({ max: MOST_GUESSERS })

  const secondsLeft = (who: string): number => {
    const seen = guessers.get(who)
    const now = clock.now().getTime()
    return seen && seen.until > now && seen.tries >= TRIES ? Math.ceil((seen.until - now) / 1000) : 0
  }
  const noteGuess = (who: string) => {
    const now = clock.now().getTime()
    const seen = guessers.get(who)
    if (seen && seen.until > now) seen.tries += 1
    else guessers.set(who, { tries: 1, until: now + TRIES_MS })
  }

  const byCode = async (on: Db, typed: string): Promise<KnownRule | undefined> => {
    const code = typed.toUpperCase()
    const rule = codes.get(code) ?? (await findByCode(on, code))
    if (rule) codes.set(code, rule)
    return rule
  }

  return {
    automatic: async (on: Db): Promise<KnownRule[]> => {
      const known = automatic.get('all')
      if (known) return known
      const found = await findAutomatic(on)
      automatic.set('all', found)
      return found
    },
    byCode,
    /** For somebody who has typed it. After too many codes that there are not, nobody is told whether the next one is. */
    byTypedCode: async (on: Db, typed: string, who: string): Promise<KnownRule> => {
      const seconds = isThrottled ? secondsLeft(who) : 0
      if (seconds > 0) throw tooManyTries(seconds)
      const rule = await byCode(on, typed)
      if (rule) return rule
      noteGuess(who)
      throw unknownCode()
    },
    forget: () => {
      codes.clear()
      automatic.clear()
    },
  }
}
export type Known = ReturnType<typeof createKnown>
