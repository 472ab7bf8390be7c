import { randomBytes } from 'node:crypto'

import { afterCommit, type Db } from './db/kysely.ts'
import type { DatabaseHandle, Pool } from './db/pool.ts'
import type { Log } from './log.ts'

/** Says that what has these ids changes with this transaction. Others hear of it after the commit, and may hear of it too often. */
export type Touch = (db: Db, ids: number[]) => void
export type Ear = {
  /** These have changed, here or in another process. */
  touched: (ids: number[]) => void
  /** For a while nothing could be heard: anything may have changed. */
  missed: () => void
}

/** Brings short texts to the other processes. One that is lost is lost. */
export type Carrier = {
  open: (hear: { text: (text: string) => void; hears: (isConnected: boolean) => void }) => Promise<void>
  send: (text: string) => Promise<void>
  close: () => Promise<void>
}

const CHANNEL = 'touched'
/** The first of a quiet time goes at once; what comes within this time of it goes together. */
const GATHER_MS = 50
/** PostgreSQL carries fewer than 8,000 bytes at once; an id takes 16 at most, with its comma 17. */
const MOST_IDS = 400

const postgresCarrier = ({ listen, pool }: { listen: DatabaseHandle['listen']; pool: Pool }): Carrier => {
  let stop: (() => Promise<void>) | undefined
  return {
    open: async ({ text, hears }) => {
      stop = await listen(CHANNEL, { hint: text, hears })
    },
    send: async (text) => void (await pool.query('select pg_notify($1, $2)', [CHANNEL, text])),
    close: async () => stop?.(),
  }
}

/** Inside an embedded database there is nobody else. */
const noCarrier: Carrier = { open: async ({ hears }) => hears(true), send: async () => undefined, close: async () => undefined }

const carrierFor = async ({ database, redisUrl, log }: Parts): Promise<Carrier> => {
  if (redisUrl) {
    // A process without Redis needs none of it.
    const { createRedisCarrier } = await import('./redis-carrier.ts')
    return createRedisCarrier({ url: redisUrl, channel: `marquee:${CHANNEL}`, log })
  }
  return database.embedded ? noCarrier : postgresCarrier(database)
}

const parse = (text: string) => {
  const [sender, ids = ''] = text.split(' ')
  return { sender, ids: ids.split(',').map(Number).filter(Number.isSafeInteger) }
}

type Parts = { database: DatabaseHandle; redisUrl: string | undefined; log: Log }

/**
 * Hints that something has changed: at once in this process, gathered for the others when they come thick. They are sent after the commit
 * and outside of it, so that no booking waits for them; whoever hears one reads the truth again.
 */
export const createRealtime = async (parts: Parts) => {
  const carrier = await carrierFor(parts)
  const me = randomBytes(6).toString('hex')
  const outbox = new Set<number>()
  let ear: Ear | undefined
  let hears = false
  let timer: NodeJS.Timeout | undefined
  let sentAt = Number.NEGATIVE_INFINITY
  let sending: Promise<void> | undefined

  /** What cannot be sent is not kept: those who missed it look by themselves before long. */
  const send = async () => {
    const ids = [...outbox]
    outbox.clear()
    for (let from = 0; from < ids.length; from += MOST_IDS)
      await carrier.send(`${me} ${ids.slice(from, from + MOST_IDS).join(',')}`).catch(() => undefined)
  }

  const sendSoon = () => {
    if (timer || sending || outbox.size === 0) return
    const wait = Math.max(sentAt + GATHER_MS - performance.now(), 0)
    timer = setTimeout(() => {
      timer = undefined
      sentAt = performance.now()
      sending = send().finally(() => {
        sending = undefined
        sendSoon()
      })
    }, wait)
  }

  const tell = (ids: number[]) => {
    ear?.touched(ids)
    for (const id of ids) outbox.add(id)
    sendSoon()
  }

  const touch: Touch = (db, ids) => {
    if (ids.length > 0) afterCommit(db, () => tell(ids))
  }

  return {
    touch,
    hear: (listener: Ear) => {
      ear = listener
    },
    /** Whether other processes can be heard. */
    isWhole: () => hears,
    open: () =>
      carrier.open({
        text: (text) => {
          const { sender, ids } = parse(text)
          if (sender !== me) ear?.touched(ids)
        },
        hears: (isConnected) => {
          if (isConnected && !hears) ear?.missed()
          hears = isConnected
        },
      }),
    close: async () => {
      clearTimeout(timer)
      await sending
      await send()
      await carrier.close()
    },
  }
}
