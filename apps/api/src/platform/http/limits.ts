import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'

import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'

/** Refuses a request whose sender has asked too often; called when it is known who that is. */
export type Limit = (request: FastifyRequest, reply: FastifyReply) => void
/** Counts a request of this address. Answers the lines that tell it how much it has left, or nothing when it must be refused. */
export type LimitAddress = (ip: string) => string[] | undefined
type Limits = Pick<Config, 'RATE_LIMITS' | 'RATE_PER_SECOND' | 'RATE_BURST' | 'AUTH_RATE_PER_MINUTE' | 'GUEST_RATE_PER_MINUTE'>

/** So many senders are remembered; an older one starts afresh. */
const MOST_KNOWN = 50_000
const MINUTE_MS = 60_000

const AUTH = /\/(auth|accounts)\//
const NEW_GUEST = /\/guests$/
/** Probes must see an overloaded server as it is. */
const FREE = /^\/(health|metrics)(\/|$)/

export const isLimited = (url: string, access: string | undefined): boolean => access !== 'provider' && !FREE.test(url)

type Window = { used: number; ends: number }
/** `lines` are headers, as one list of names and values. */
type Seen = { isExceeded: boolean; seconds_left: number; lines: string[] }
type Counter = (sender: string | number) => Seen

/** Counts what each sender asks in a window of time. It waits for nothing, so a request that is allowed costs next to nothing. */
const createCounter = (max: number, window_ms: number): Counter => {
  const windows = new LRUCache<string | number, Window>({ max: MOST_KNOWN })
  const lasting = ['ratelimit-policy', `${max};w=${Math.ceil(window_ms / 1000)}`, 'ratelimit-limit', String(max)]

  return (sender) => {
    const now = performance.now()
    let current = windows.get(sender)
    if (!current || current.ends <= now) {
      current = { used: 0, ends: now + window_ms }
      windows.set(sender, current)
    }
    current.used += 1
    const seconds_left = Math.max(1, Math.ceil((current.ends - now) / 1000))
    const left = String(Math.max(0, max - current.used))
    const lines = [...lasting, 'ratelimit-remaining', left, 'ratelimit-reset', String(seconds_left)]
    return { isExceeded: current.used > max, seconds_left, lines }
  }
}

const tooMany = (retry_after: number) =>
  new AppError(429, 'request.too_many', 'Too many requests at once. Wait a moment and try again.', { retry_after })

const spend = ({ isExceeded, seconds_left, lines }: Seen, reply: FastifyReply) => {
  for (let at = 0; at < lines.length; at += 2) reply.header(lines[at] ?? '', lines[at + 1])
  if (isExceeded) throw tooMany(seconds_left)
}

/**
 * Signed-in users are counted each for themselves, all others by address (IPv6 by /64); signing in is counted by address
 * once more, and so is becoming a guest. The window is as long as a burst lasts at the steady rate, so that in the long run it is that rate.
 */
export const createLimits = (config: Limits): { limit: Limit; limitAddress: LimitAddress } => {
  if (!config.RATE_LIMITS) return { limit: () => undefined, limitAddress: () => [] }
  const steady_ms = (config.RATE_BURST / config.RATE_PER_SECOND) * 1000
  const byAddress = createCounter(config.RATE_BURST, steady_ms)
  const byUser = createCounter(config.RATE_BURST, steady_ms)
  const signIn = createCounter(config.AUTH_RATE_PER_MINUTE, MINUTE_MS)
  const newGuest = createCounter(config.GUEST_RATE_PER_MINUTE, MINUTE_MS)

  return {
    limit: (request, reply) => {
      const { url = '', config: route } = request.routeOptions
      if (!isLimited(url, route.access)) return
      const { actor } = request
      const address = normalizeIP(request.ip)
      spend(actor.kind === 'user' ? byUser(actor.id) : byAddress(address), reply)
      if (request.method !== 'POST') return
      if (AUTH.test(url)) spend(signIn(address), reply)
      if (NEW_GUEST.test(url)) spend(newGuest(address), reply)
    },
    limitAddress: (ip) => {
      const { isExceeded, lines } = byAddress(normalizeIP(ip))
      return isExceeded ? undefined : lines
    },
  }
}
