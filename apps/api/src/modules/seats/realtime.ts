import { setTimeout as sleep } from 'node:timers/promises'

import type { WebSocket } from '@fastify/websocket'
import type { LiveCloseCode, LiveMessage } from '@marquee/contract/realtime'

import type { HallsService } from '#modules/halls/service.ts'
import type { Config } from '#platform/config.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Log } from '#platform/log.ts'
import { type Channel, createChannel } from './live-channel.ts'
import { readLive } from './live.statement.ts'

type Limits = Pick<Config, 'LIVE_CONNECTIONS' | 'LIVE_CONNECTIONS_PER_ADDRESS' | 'LIVE_REFRESH_SECONDS' | 'LIVE_PING_SECONDS'>
type Deps = { db: Db; halls: Pick<HallsService, 'plan'>; log: Log; limits: Limits }
type Watcher = { socket: WebSocket; isAlive: boolean }

/** A whole map is some 10 kB: whoever has this much to come does not read. */
const MOST_UNREAD_BYTES = 256 * 1024
const FAREWELL_MS = 1_000

const UNKNOWN: LiveCloseCode = 4404
const TOO_MANY: LiveCloseCode = 4429
const TRY_AGAIN_LATER: LiveCloseCode = 1013

/** Counts how many connections each address has. */
const createAddresses = (most: number) => {
  const counts = new Map<string, number>()
  return {
    isFull: (address: string) => (counts.get(address) ?? 0) >= most,
    enter: (address: string) => counts.set(address, (counts.get(address) ?? 0) + 1),
    leave: (address: string) => {
      const left = (counts.get(address) ?? 1) - 1
      if (left === 0) counts.delete(address)
      else counts.set(address, left)
    },
  }
}

/** Who watches which session, and what they are sent. */
export const createLiveSeats = ({ db, halls, log, limits }: Deps) => {
  const channels = new Map<number, Channel<Watcher>>()
  const watchers = new Set<Watcher>()
  const addresses = createAddresses(limits.LIVE_CONNECTIONS_PER_ADDRESS)
  const counts = { messages: 0, bytes: 0, dropped: 0 }
  let isClosing = false
  let isFailing = false

  const drop = ({ socket }: Watcher) => {
    counts.dropped += 1
    socket.terminate()
  }

  const send = (to: Iterable<Watcher>, message: LiveMessage) => {
    const bytes = Buffer.from(JSON.stringify(message))
    for (const watcher of to) {
      const { socket } = watcher
      if (socket.readyState !== socket.OPEN) continue
      if (socket.bufferedAmount > MOST_UNREAD_BYTES) {
        drop(watcher)
        continue
      }
      socket.send(bytes, { binary: false })
      counts.messages += 1
      counts.bytes += bytes.length
    }
  }

  const read = async (session_id: number) => {
    const row = await readLive(db, session_id)
    isFailing = false
    return row
  }

  const open = (session_id: number): Channel<Watcher> => {
    const channel = createChannel<Watcher>({
      read: () => read(session_id),
      seatsOf: async ({ hall_id, plan_version }) => (await halls.plan(hall_id, plan_version)).seats.map(({ id }) => id),
      send,
      refuse: (refused) => {
        for (const { socket } of refused) socket.close(UNKNOWN, 'There is no such session.')
      },
      failed: (error) => {
        if (!isFailing) log.warn({ err: error, session_id }, 'the map of a hall cannot be read just now')
        isFailing = true
      },
      refreshMs: limits.LIVE_REFRESH_SECONDS * 1000,
    })
    channels.set(session_id, channel)
    return channel
  }

  const leave = (session_id: number, watcher: Watcher) => {
    const channel = channels.get(session_id)
    channel?.leave(watcher)
    if (!channel?.isEmpty()) return
    channel.close()
    channels.delete(session_id)
  }

  const refusal = (address: string): [code: LiveCloseCode, reason: string] | undefined => {
    if (isClosing) return [TRY_AGAIN_LATER, 'The server is going down.']
    if (watchers.size >= limits.LIVE_CONNECTIONS) return [TRY_AGAIN_LATER, 'The server is full.']
    return addresses.isFull(address) ? [TOO_MANY, 'This address watches too often.'] : undefined
  }

  /** Whoever has not answered the last time is gone. */
  const beat = () => {
    for (const watcher of watchers) {
      if (!watcher.isAlive) {
        drop(watcher)
        continue
      }
      watcher.isAlive = false
      watcher.socket.ping()
    }
  }
  const heart = setInterval(beat, limits.LIVE_PING_SECONDS * 1000).unref()

  return {
    watch: (session_id: number, address: string, socket: WebSocket) => {
      const refused = refusal(address)
      if (refused) return socket.close(...refused)
      const watcher: Watcher = { socket, isAlive: true }
      watchers.add(watcher)
      addresses.enter(address)
      socket.on('pong', () => {
        watcher.isAlive = true
      })
      socket.on('close', () => {
        watchers.delete(watcher)
        addresses.leave(address)
        leave(session_id, watcher)
      })
      return (channels.get(session_id) ?? open(session_id)).join(watcher)
    },
    touched: (session_ids: number[]) => {
      for (const id of session_ids) channels.get(id)?.flag()
    },
    missed: () => {
      for (const channel of channels.values()) channel.flag()
    },
    /** Says goodbye to everybody, and does not wait long for an answer. */
    close: async () => {
      isClosing = true
      clearInterval(heart)
      for (const channel of channels.values()) channel.close()
      for (const { socket } of watchers) socket.close(TRY_AGAIN_LATER, 'The server is going down.')
      for (let waited = 0; watchers.size > 0 && waited < FAREWELL_MS; waited += 10) await sleep(10)
      for (const { socket } of watchers) socket.terminate()
    },
    stats: () => ({ ...counts, watchers: watchers.size, sessions: channels.size }),
  }
}
export type LiveSeats = ReturnType<typeof createLiveSeats>
