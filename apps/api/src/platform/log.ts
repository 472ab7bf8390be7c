import { type Logger, type LoggerOptions, pino } from 'pino'

import type { Config } from './config.ts'

export type Log = Logger

const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'new_password',
  'old_password',
  'token',
  'access_token',
  'refresh_token',
  'card_token',
  'client_secret',
  'totp_code',
  'recovery_code',
  'order_key',
  'x-guest-token',
  'x-order-key',
  'set-cookie',
]

/** A write for each line costs more than the line: they leave together, at the latest after this, and at the exit. */
const GATHER_MS = 100
const GATHER_LENGTH = 16_000

/** Pino's own destination counts all that it waits with anew at each line, so lines wait here and are handed over whole. */
const createDestination = () => {
  const output = pino.destination({ sync: false, minLength: GATHER_LENGTH })
  let waiting = ''
  const handOver = () => {
    if (waiting !== '') output.write(waiting)
    waiting = ''
  }
  setInterval(() => {
    handOver()
    output.flush()
  }, GATHER_MS).unref()
  // Before the output's own listeners, which then write what they have been given.
  process.prependListener('beforeExit', handOver)
  process.prependListener('exit', handOver)
  return {
    write: (line: string) => {
      waiting += line
      if (waiting.length >= GATHER_LENGTH) handOver()
    },
    flushSync: () => {
      handOver()
      output.flushSync()
    },
  }
}

/** Standard output is one, however many write to it. */
let standard: ReturnType<typeof createDestination> | undefined
type Output = { write: (line: string) => void }
const standardOutput = (): Output => (standard ??= createDestination())

/** Most lines are of the same millisecond as the one before. */
const createTime = () => {
  let last_ms = 0
  let text = ''
  return () => {
    const now = Date.now()
    if (now !== last_ms) text = `"${new Date(now).toISOString()}"`
    last_ms = now
    return text
  }
}

const FORMAT: LoggerOptions = { formatters: { level: (label) => ({ level: label }) } }

type Level = Pick<Config, 'LOG_LEVEL'>

/** Structured JSON on standard output; anything that could open a door is replaced before it is written. */
export const createLog = ({ LOG_LEVEL }: Level, output = standardOutput()): Log => {
  const time = createTime()
  return pino(
    {
      ...FORMAT,
      level: LOG_LEVEL,
      redact: { paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: '[redacted]' },
      timestamp: () => `,"time":${time()}`,
    },
    output,
  )
}

export type Answered = { method: string; route: string; status: number; ms: number }
export type LogRequest = (request_id: string, answered: Answered) => void

const MARK = '"<here>"'

/** The line of a request as pino writes it, cut where the words of each request stand: time, id, method, route, status, ms. */
const frameOf = (level: string): string[] => {
  let line = ''
  const here = '<here>'
  const model = pino({ ...FORMAT, level, timestamp: () => `,"time":${MARK}` }, { write: (text: string) => void (line = text) })
  model.info({ reqId: here, method: here, route: here, status: here, ms: here }, 'request')
  return line.split(MARK)
}

/**
 * Writes a line for each request. Pino has written one, and each is that one with other words in it: its way through five
 * values costs as much as the rest of what is noted. Nothing in these words can be secret.
 */
export const createRequestLog = ({ LOG_LEVEL }: Level, output = standardOutput()): LogRequest => {
  const [start, id, verb, path, code, took, end] = frameOf(LOG_LEVEL)
  // On this level pino has written nothing.
  if (end === undefined) return () => undefined
  const time = createTime()
  return (request_id, { method, route, status, ms }) => {
    const tenths = Math.round(ms * 10) / 10
    output.write(
      `${start}${time()}${id}"${request_id}"${verb}"${method}"${path}${JSON.stringify(route)}${code}${status}${took}${tenths}${end}`,
    )
  }
}
