import { type Logger, type LoggerOptions, pino } from 'pino'

import { type Answered, createPerKind } from './answered.ts'
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

type LogConfig = Pick<Config, 'LOG_LEVEL'> & Partial<Pick<Config, 'LOG_FILE' | 'LOG_FILE_BYTES' | 'LOG_FILES_KEPT'>>

const fileOf = ({ LOG_FILE: path, LOG_FILE_BYTES: maxBytes, LOG_FILES_KEPT: kept }: LogConfig) =>
  path !== undefined && maxBytes !== undefined && kept !== undefined ? { path, maxBytes, kept } : undefined

/** There is one output, however many write to it. */
let common: ReturnType<typeof createDestination> | undefined
type Output = { write: (line: string) => void }
const outputOf = (config: LogConfig): Output => (common ??= createDestination(fileOf(config)))

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

/** Structured JSON on standard output, or in a file; anything that could open a door is replaced before it is written. */
export const createLog = (config: LogConfig, output = outputOf(config)): Log => {
  const time = createTime()
  return pino(
    {
      ...FORMAT,
      level: config.LOG_LEVEL,
      redact: { paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: '[redacted]' },
      timestamp: () => `,"time":${time()}`,
    },
    output,
  )
}

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
export const createRequestLog = (config: LogConfig, output = outputOf(config)): LogRequest => {
  const [start, id, verb, path, code, took, end] = frameOf(config.LOG_LEVEL)
  // On this level pino has written nothing.
  if (end === undefined) return () => undefined
  const time = createTime()
  const words = createPerKind(
    ({ method, route, status }) => `"${verb}"${method}"${path}${JSON.stringify(route)}${code}${status}${took}`,
  )
  return (request_id, answered) => {
    const tenths = Math.round(answered.ms * 10) / 10
    output.write(`${start}${time()}${id}"${request_id}${words.of(answered)}${tenths}${end}`)
  }
}
