import fastifyRateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'

import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'

/** Refuses a request whose sender has asked too often; called when it is known who that is. */
export type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>
/** Counts a request of this address. Answers the lines that tell it how much it has left, or nothing when it must be refused. */
export type LimitAddress = (ip: string) => Promise<string[] | undefined>
type Limiter = ReturnType<FastifyInstance['createRateLimit']>
type Limits = Pick<Config, 'RATE_LIMITS' | 'RATE_PER_SECOND' | 'RATE_BURST' | 'AUTH_RATE_PER_MINUTE' | 'GUEST_RATE_PER_MINUTE'>

/** So many addresses are remembered; an older one starts afresh. */
const MOST_KNOWN = 50_000
const MINUTE_MS = 60_000

const AUTH = /\/(auth|accounts)\//
const NEW_GUEST = /\/guests$/
/** Probes must see an overloaded server as it is. */
const FREE = /^\/(health|metrics)(\/|$)/

export const isLimited = (url: string, access: string | undefined): boolean => access !== 'provider' && !FREE.test(url)

type Answer = (error: Error | null, seen?: { current: number; ttl: number }) => void
type Window = { current: number; ends: number }

/**
 * Counts in memory. The library's own store hands out the counter itself, so that requests of one moment all read the last
 * one's number and the whole burst is refused; this one hands out what it was.
 */
const createStore = () => {
  const windows = new LRUCache<string, Window>({ max: MOST_KNOWN })
  const store = {
    incr: (key: string, answer: Answer, length_ms: number) => {
      const now = performance.now()
      const known = windows.get(key)
      const current = known && known.ends > now ? known : { current: 0, ends: now + length_ms }
      current.current += 1
      windows.set(key, current)
      answer(null, { current: current.current, ttl: current.ends - now })
    },
    child: () => createStore(),
  }
  return store
}

/** The library calls it with `new`. */
function Store() {
  return createStore()
}

const tooMany = (retry_after: number) =>
  new AppError(429, 'request.too_many', 'Too many requests at once. Wait a moment and try again.', { retry_after })

type Seen = Exclude<Awaited<ReturnType<Limiter>>, { isAllowed: true }>

const secondsLeft = ({ ttlInSeconds }: Seen) => Math.max(1, ttlInSeconds)

const headersOf = (seen: Seen) => ({
  'ratelimit-policy': `${seen.max};w=${Math.ceil(seen.timeWindow / 1000)}`,
  'ratelimit-limit': seen.max,
  'ratelimit-remaining': seen.remaining,
  'ratelimit-reset': secondsLeft(seen),
})

const spend = async (limiter: Limiter, request: FastifyRequest, reply: FastifyReply) => {
  const seen = await limiter(request)
  if (seen.isAllowed) return
  reply.headers(headersOf(seen))
  if (seen.isExceeded) throw tooMany(secondsLeft(seen))
}

/** The limiter asks a request for no more than this. */
const fromAddress = (ip: string) => ({ ip, routeOptions: { config: {} } }) as FastifyRequest

/**
 * Signed-in users are counted each for themselves, all others by address (IPv6 by /64); signing in is counted by address
 * once more, and so is becoming a guest. The window is as long as a burst lasts at the steady rate, so that in the long run it is that rate.
 */
export const createLimits = async (
  app: FastifyInstance,
  config: Limits,
): Promise<{ limit: Limit; limitAddress: LimitAddress }> => {
  if (!config.RATE_LIMITS) return { limit: async () => undefined, limitAddress: async () => [] }
  await app.register(fastifyRateLimit, { global: false, store: Store as never })
  const steady = { max: config.RATE_BURST, timeWindow: (config.RATE_BURST / config.RATE_PER_SECOND) * 1000 }
  const byAddress = app.createRateLimit(steady)
  const byUser = app.createRateLimit({
    ...steady,
    keyGenerator: ({ actor }) => (actor.kind === 'user' ? actor.id : 0),
  })
  const signIn = app.createRateLimit({ max: config.AUTH_RATE_PER_MINUTE, timeWindow: MINUTE_MS })
  const newGuest = app.createRateLimit({ max: config.GUEST_RATE_PER_MINUTE, timeWindow: MINUTE_MS })

  return {
    limit: async (request, reply) => {
      const { url = '', config: route } = request.routeOptions
      if (!isLimited(url, route.access)) return
      await spend(request.actor.kind === 'user' ? byUser : byAddress, request, reply)
      if (request.method !== 'POST') return
      if (AUTH.test(url)) await spend(signIn, request, reply)
      if (NEW_GUEST.test(url)) await spend(newGuest, request, reply)
    },
    limitAddress: async (ip) => {
      const seen = await byAddress(fromAddress(ip))
      if (seen.isAllowed) return []
      return seen.isExceeded ? undefined : Object.entries(headersOf(seen)).flatMap(([name, value]) => [name, String(value)])
    },
  }
}
