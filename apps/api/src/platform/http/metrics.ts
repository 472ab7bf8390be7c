import client from '@platformatic/prom-client'
import type { FastifyInstance } from 'fastify'

import type { Pool } from '../db/pool.ts'
import { createDurations } from './durations.ts'

/** A scrape must not fill the log of requests. */
const QUIET = 'silent'

type Sources = {
  pool: Pool
  cache: { stats: () => { hits: number; misses: number; bytes: number } }
  books: () => Promise<{ alarms: number; compared_seconds_ago: number | null }>
  statistics: { standing: () => Promise<{ tickets: Record<string, number>; revenue: Record<string, number> }> }
  live: { stats: () => { watchers: number; sessions: number; messages: number; bytes: number; dropped: number } }
}

const collectPool = (registry: client.Registry, pool: Pool) => {
  const connections = new client.Gauge({
    name: 'marquee_db_connections',
    help: 'Connections of the pool by state; waiting are requests without one.',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      connections.set({ state: 'idle' }, pool.idleCount)
      connections.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      connections.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
}

const collectCache = (registry: client.Registry, { stats }: Sources['cache']) => {
  const lookups = new client.Gauge({
    name: 'marquee_catalogue_cache_lookups',
    help: 'Catalogue requests since the start, answered from kept bytes (hit) or by the database (miss).',
    labelNames: ['result'],
    registers: [registry],
    collect: () => {
      lookups.set({ result: 'hit' }, stats().hits)
      lookups.set({ result: 'miss' }, stats().misses)
    },
  })
  const size = new client.Gauge({
    name: 'marquee_catalogue_cache_bytes',
    help: 'Bytes that the kept answers take.',
    registers: [registry],
    collect: () => {
      size.set(stats().bytes)
    },
  })
}

const collectLive = (registry: client.Registry, { stats }: Sources['live']) => {
  const now = (name: string, help: string, read: () => number) => {
    const gauge: client.Gauge = new client.Gauge({ name, help, registers: [registry], collect: () => gauge.set(read()) })
  }
  const sinceStart = (name: string, help: string, read: () => number) => {
    const counter: client.Counter = new client.Counter({
      name,
      help,
      registers: [registry],
      collect: () => {
        counter.reset()
        counter.inc(read())
      },
    })
  }
  now('marquee_live_watchers', 'Connections that watch the map of a hall.', () => stats().watchers)
  now('marquee_live_sessions', 'Sessions that somebody watches.', () => stats().sessions)
  sinceStart('marquee_live_messages_total', 'Messages sent to watchers.', () => stats().messages)
  sinceStart('marquee_live_bytes_total', 'Bytes of these messages.', () => stats().bytes)
  sinceStart('marquee_live_dropped_total', 'Watchers dropped because they did not read or answer.', () => stats().dropped)
}

const collectBooks = (registry: client.Registry, books: Sources['books']) => {
  const show = (name: string, help: string, read: (standing: Awaited<ReturnType<Sources['books']>>) => number | null) => {
    const collect = async () => {
      // A scrape shows the rest when the database does not answer.
      const standing = await books().catch(() => undefined)
      const value = standing && read(standing)
      if (typeof value === 'number') gauge.set(value)
    }
    const gauge: client.Gauge = new client.Gauge({ name, help, registers: [registry], collect })
  }
  show('marquee_payment_alarms_open', 'Payment alarms that nobody has looked after.', ({ alarms }) => alarms)
  show(
    'marquee_books_compared_seconds_ago',
    'Since our books were last compared with the payment provider’s; 0 when they never were.',
    ({ compared_seconds_ago }) => compared_seconds_ago,
  )
}

/** What is booked, as the roll-up has last counted it: seconds to a minute ago, and the same in every process. */
const collectBookings = (registry: client.Registry, { standing }: Sources['statistics']) => {
  const show = (name: string, help: string, label: string, part: 'tickets' | 'revenue') => {
    const collect = async () => {
      const now = await standing().catch(() => undefined)
      for (const [key, value] of Object.entries(now?.[part] ?? {})) gauge.set({ [label]: key }, value)
    }
    const gauge: client.Gauge<string> = new client.Gauge({ name, help, labelNames: [label], registers: [registry], collect })
  }
  show('marquee_tickets', 'Tickets for the sessions since yesterday and of all to come, by state.', 'status', 'tickets')
  show('marquee_tickets_revenue', 'What these tickets have brought, less what went back.', 'currency', 'revenue')
}

const countProblems = (app: FastifyInstance, registry: client.Registry) => {
  const problems = new client.Counter({
    name: 'marquee_problems_total',
    help: 'Requests that were answered with a problem, by its code.',
    labelNames: ['code'],
    registers: [registry],
  })
  app.addHook('onResponse', (_request, reply, done) => {
    if (reply.problem) problems.inc({ code: reply.problem })
    done()
  })
}

/** Measures every request and shows it at `/metrics`, in the format of Prometheus. Not for the outside world: the proxy keeps it in. */
export const registerMetrics = (app: FastifyInstance, { pool, cache, live, books, statistics }: Sources) => {
  const registry = new client.Registry()
  client.collectDefaultMetrics({ register: registry })
  collectPool(registry, pool)
  collectCache(registry, cache)
  collectLive(registry, live)
  collectBooks(registry, books)
  collectBookings(registry, statistics)
  countProblems(app, registry)
  const { observe, show } = createDurations()
  app.addHook('onResponse', (request, reply, done) => {
    observe({
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: reply.elapsedTime,
    })
    done()
  })
  app.get('/metrics', { logLevel: QUIET, schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(registry.contentType)
      .send(`${await registry.metrics()}\n${show()}`),
  )
  return { observe }
}
