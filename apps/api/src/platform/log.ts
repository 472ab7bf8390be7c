import { type Logger, pino } from 'pino'

import type { Config } from './config.ts'
import { createLogFile, type LogFile } from './log-file.ts'

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

const openOutput = (file: LogFile | undefined) => {
  if (!file) return pino.destination({ sync: false, minLength: GATHER_LENGTH })
  return { write: createLogFile(file), flush: () => undefined, flushSync: () => undefined }
}

/** Pino's own destination counts all that it waits with anew at each line, so lines wait here and are handed over whole. */
const createDestination = (file: LogFile | undefined) => {
  const output = openOutput(file)
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

/** There is one output, however many write to it. */
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

type LogConfig = Pick<Config, 'LOG_LEVEL'> & Partial<Pick<Config, 'LOG_FILE' | 'LOG_FILE_BYTES' | 'LOG_FILES_KEPT'>>

const fileOf = ({ LOG_FILE: path, LOG_FILE_BYTES: maxBytes, LOG_FILES_KEPT: kept }: Omit<LogConfig, 'LOG_LEVEL'>) =>
  path !== undefined && maxBytes !== undefined && kept !== undefined ? { path, maxBytes, kept } : undefined

/** Structured JSON on standard output, or in a file; anything that could open a door is replaced before it is written. */
export const createLog = ({ LOG_LEVEL, ...config }: LogConfig): Log =>
  pino(
    {
      level: LOG_LEVEL,
      redact: { paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: createTime(),
    },
    (destination ??= createDestination(fileOf(config))),
  )
