import { createHash } from 'node:crypto'

import { normalizeIP } from '@fastify/rate-limit'

import { throttled } from '#modules/auth/errors.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Device } from './device.ts'
import * as repository from './tries.repository.ts'

export type ThrottleRules = {
  AUTH_THROTTLE: boolean
  AUTH_TRIES_PER_ACCOUNT: number
  AUTH_TRIES_PER_ADDRESS: number
  AUTH_TRIES_SECONDS: number
}

/** What was typed may be somebody's address, and need not be kept. */
const hashed = (text: string) => createHash('sha256').update(text.trim().toLowerCase()).digest('base64url')

/** What counts as one sender: IPv6 by /64. */
export const networkOf = ({ ip }: Device): string => (ip === null ? 'unknown' : normalizeIP(ip))

export type Try = { account: string; address: string }

/**
 * How often passwords may be tried and links asked for, counted in the database so that all processes agree. Who signs in
 * on a device that the account knows is counted apart, so that strangers can lock nobody out; logins that nobody has are
 * counted like all others.
 */
export const createThrottle = ({ db, rules }: { db: Db; rules: ThrottleRules }) => {
  const spend = async ({ account, address }: Try, also?: (tx: Db) => Promise<unknown>) => {
    if (!rules.AUTH_THROTTLE) {
      await also?.(db)
      return
    }
    const spent = await transaction(db, async (tx) => {
      const rows = await repository.spend(tx, [account, address], rules.AUTH_TRIES_SECONDS)
      await also?.(tx)
      return rows
    })
    const most = (key: string) => (key === address ? rules.AUTH_TRIES_PER_ADDRESS : rules.AUTH_TRIES_PER_ACCOUNT)
    const over = spent.filter(({ key, tries }) => tries > most(key))
    if (over.length > 0) throw throttled(Math.max(1, ...over.map(({ seconds_left }) => seconds_left)))
  }
  const from = (device: Device) => `from:${networkOf(device)}`

  return {
    spend,
    /** A password that turned out right takes nothing from anybody. */
    forgive: async (tx: Db, { account, address }: Try) => {
      if (!rules.AUTH_THROTTLE) return
      await repository.forget(tx, [account])
      await repository.giveBack(tx, address)
    },
    /** Whoever has proved an address by a link starts anew. */
    forget: (tx: Db, logins: string[]) =>
      repository.forget(
        tx,
        logins.map((login) => `login:${hashed(login)}`),
      ),
    ofLogin: (login: string, device: Device): Try => ({ account: `login:${hashed(login)}`, address: from(device) }),
    ofKnownPlace: (user_id: number, place: string, device: Device): Try => ({
      account: `place:${user_id}:${place}`,
      address: `${from(device)}:known`,
    }),
    ofOwner: (user_id: number, device: Device): Try => ({ account: `owner:${user_id}`, address: from(device) }),
    ofLink: (email: string, device: Device): Try => ({ account: `link:${hashed(email)}`, address: `links-${from(device)}` }),
    ofRegistration: (email: string, device: Device): Try => ({ account: `new:${hashed(email)}`, address: from(device) }),
  }
}
export type Throttle = ReturnType<typeof createThrottle>
