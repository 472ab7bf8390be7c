import { type Logger, pino } from 'pino'

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
let destination: ReturnType<typeof createDestination> | undefined

/** Most lines are of the same millisecond as the one before. */
const createTime = () => {
  let last_ms = 0
  let text = ''
  return () => {
    const now = Date.now()
    if (now !== last_ms) text = `,"time":"${new Date(now).toISOString()}"`
    last_ms = now
    return text
  }
}

/** Structured JSON on standard output; anything that could open a door is replaced before it is written. */
export const createLog = ({ LOG_LEVEL }: Pick<Config, 'LOG_LEVEL'>): Log =>
  pino(
    {
      level: LOG_LEVEL,
      redact: { paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: createTime(),
    },
    (destination ??= createDestination()),
  )
