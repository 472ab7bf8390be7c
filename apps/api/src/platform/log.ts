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
const GATHER = { minLength: 4096, periodicFlush: 100, sync: false }

/** Structured JSON on standard output; anything that could open a door is replaced before it is written. */
export const createLog = ({ LOG_LEVEL }: Pick<Config, 'LOG_LEVEL'>): Log =>
  pino(
    {
      level: LOG_LEVEL,
      redact: { paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination(GATHER),
  )
