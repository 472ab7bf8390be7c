import { Redis } from 'ioredis'

import type { Log } from './log.ts'
import type { Carrier } from './realtime.ts'

const SLOWEST_RETRY_MS = 2_000
const PATIENCE_MS = 2_000

const connect = (url: string) =>
  new Redis(url, {
    lazyConnect: true,
    // A hint that waits for the server to come back is worth nothing by then.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    retryStrategy: (times) => Math.min(times * 100, SLOWEST_RETRY_MS),
  })

/** Publishes over one connection and hears over another; both come back by themselves. That they are away is logged once. */
export const createRedisCarrier = ({ url, channel, log }: { url: string; channel: string; log: Log }): Carrier => {
  const speaker = connect(url)
  const listener = connect(url)
  /** Those that work. */
  const standing = new Set<Redis>()
  let isAway = false

  const away = (error?: Error) => {
    if (!isAway) log.warn({ reason: error?.message }, 'Redis is away: maps of halls are late until it is back')
    isAway = true
  }

  const back = () => {
    if (isAway) log.info('Redis is back')
    isAway = false
  }

  const prepare = async (connection: Redis) => {
    try {
      if (connection === listener) await listener.subscribe(channel)
      standing.add(connection)
    } catch {
      connection.disconnect(true)
    }
  }

  return {
    open: async ({ text, hears }) => {
      const changed = () => {
        const isWhole = standing.size === 2
        if (isWhole) back()
        else away()
        hears(isWhole)
      }
      listener.on('message', (_channel: string, message: string) => text(message))
      // Whoever opens does not wait for a server that may be away.
      const first = [speaker, listener].map((connection) => {
        connection.on('error', away)
        connection.on('ready', () => void prepare(connection).then(() => standing.size === 2 && changed()))
        connection.on('close', () => {
          standing.delete(connection)
          changed()
        })
        return connection.connect().catch(away)
      })
      await Promise.all(first)
    },
    send: async (message) => void (await speaker.publish(channel, message)),
    close: async () => {
      for (const connection of [speaker, listener]) {
        connection.removeAllListeners('close')
        connection.disconnect()
      }
    },
  }
}
