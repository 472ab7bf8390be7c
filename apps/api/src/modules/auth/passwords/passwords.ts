import { hash, verify } from '@node-rs/argon2'

import { createBounded } from '#platform/bounded.ts'
import { tryAgainLater } from '#platform/errors.ts'
import { createStrength } from './password-strength.ts'

/** Loaded when somebody first comes with such a hash; most houses never have one. */
const bcrypt = () => import('@node-rs/bcrypt')

const AT_ONCE = 2
const QUEUE_LIMIT = 100

/** Hashes that came from another system count until their owner signs in. */
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z\d]{53}$/
/** Three quarters of a second of a core. Nobody waits behind a hash that would take longer: it fits nothing. */
const MOST_BCRYPT_COST = 14

const isBcrypt = (stored: string): boolean => {
  const [, cost] = BCRYPT.exec(stored) ?? []
  return cost !== undefined && Number(cost) <= MOST_BCRYPT_COST
}
const isArgon2 = (stored: string): boolean => stored.startsWith('$argon2')

/** Whether there is a password that fits. */
export const isHash = (stored: string | undefined): boolean => stored !== undefined && (isArgon2(stored) || isBcrypt(stored))

/** Hashing takes whole milliseconds of a core: two at a time, the rest wait, and past the limit they are told to come back. */
export const createPasswords = (house: string[] = []) => {
  const bounded = createBounded({
    atOnce: AT_ONCE,
    queueLimit: QUEUE_LIMIT,
    busy: () => tryAgainLater('auth.busy', 'Too many people are signing in. Try again in a moment.', 2),
  })
  let decoy: Promise<string> | undefined

  return {
    requireStrong: createStrength(house),
    hash: (password: string) => bounded(() => hash(password)),
    /** Whether a hash is to be replaced as soon as its password is known. */
    isOutdated: isBcrypt,
    /** Takes as long for a user who does not exist as for a wrong password. */
    verify: async (stored: string | undefined, password: string) => {
      if (stored !== undefined && isBcrypt(stored)) return bounded(async () => (await bcrypt()).verify(password, stored))
      decoy ??= hash('a password that nobody has')
      const reference = stored !== undefined && isArgon2(stored) ? stored : await decoy
      const matches = await bounded(() => verify(reference, password))
      return matches && reference === stored
    },
  }
}
export type Passwords = ReturnType<typeof createPasswords>
