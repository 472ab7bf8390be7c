import pg from 'pg'

/** Told what has been said on a channel, and whenever hearing begins or stops. */
export type Listener = { hint: (payload: string) => void; hears: (is_connected: boolean) => void }
export type Listen = (channel: string, listener: Listener) => Promise<() => Promise<void>>

const RECONNECT_MS = 1_000
const HEARTBEAT_MS = 5_000
const PATIENCE_MS = 3_000

/** A connection of its own that only listens; one that is lost, or silent, is replaced. */
const hold = (url: string, channel: string, { hint, hears }: Listener) => {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  const lose = (lost: pg.Client) => {
    if (client !== lost) return
    client = undefined
    clearInterval(timer)
    hears(false)
    lost.end().catch(() => undefined)
    if (!isStopped) timer = setTimeout(() => void connect(), RECONNECT_MS).unref()
  }

  const connect = async () => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'marquee-listen',
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    })
    client = fresh
    fresh.on('error', () => lose(fresh))
    fresh.on('end', () => lose(fresh))
    fresh.on('notification', ({ payload = '' }) => hint(payload))
    try {
      await fresh.connect()
      await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
      if (client !== fresh) return
      hears(true)
      timer = setInterval(() => void fresh.query('select 1').catch(() => lose(fresh)), HEARTBEAT_MS).unref()
    } catch {
      lose(fresh)
    }
  }

  return {
    connect,
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      const last = client
      client = undefined
      await last?.end().catch(() => undefined)
    },
  }
}

/** Hears what any process says with NOTIFY. A hint may be lost while the connection is; then `hears(false)` was told. */
export const listenOnServer =
  (url: string): Listen =>
  async (channel, listener) => {
    const { connect, stop } = hold(url, channel, listener)
    await connect()
    return stop
  }
