import { mkdirSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { type Static, type TProperties, Type } from 'typebox'
import { Value } from 'typebox/value'

import { configError, requireTiers, requireWholeStripe, url } from './config-checks.ts'

export { configError } from './config-checks.ts'

const flag = (fallback: boolean) => Type.Boolean({ default: fallback })
/** Ten years: beyond it dates and timers overflow. */
const MAX_SECONDS = 315_360_000
/** A timer longer than this fires at once. */
const MAX_TIMER_SECONDS = 86_400
const seconds = (fallback: number, maximum = MAX_SECONDS) => Type.Integer({ minimum: 1, maximum, default: fallback })
const minutes = (fallback: number) => Type.Integer({ minimum: 0, maximum: 5_256_000, default: fallback })
const text = (fallback?: string) => Type.String(fallback === undefined ? { minLength: 1 } : { minLength: 1, default: fallback })
const list = (pattern: string) => Type.Array(Type.String({ pattern }), { default: [] })

const ADDRESS = '^([0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(/[0-9]{1,3})?$|^(loopback|linklocal|uniquelocal)$'
const ORIGIN = '^https?://[^/\\s?#@]+$'
const TIER = '^[a-z_]{1,30}:[0-9]{1,9}:[0-9]{1,2}([.][0-9]{1,2})?$'
const STRIPE_SECRET = '^(sk|rk)_(test|live)_\\w+$'
const MAILBOX = '^([^<>@]*<[^<>@\\s]+@[^<>@\\s]+>|[^<>@\\s]+@[^<>@\\s]+)$'

/** Every variable the server reads. `.env.sample` lists the same names; a test compares the two. */
const variables = {
  NODE_ENV: Type.Enum(['development', 'test', 'production'], { default: 'development' }),
  HOST: text('127.0.0.1'),
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 8000 }),
  PUBLIC_URL: Type.Optional(text()),
  TRUSTED_PROXIES: list(ADDRESS),
  RATE_LIMITS: Type.Optional(Type.Boolean()),
  RATE_PER_SECOND: Type.Integer({ minimum: 1, maximum: 100_000, default: 10 }),
  RATE_BURST: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 20 }),
  AUTH_RATE_PER_MINUTE: Type.Integer({ minimum: 1, maximum: 100_000, default: 30 }),
  GUEST_RATE_PER_MINUTE: Type.Integer({ minimum: 1, maximum: 100_000, default: 20 }),
  CORS_ORIGINS: list(ORIGIN),
  WEB_DIR: Type.Optional(text()),
  ASSET_BASE_URL: Type.Optional(text()),
  DOCS_ACCESS: Type.Enum(['public', 'staff'], { default: 'public' }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { default: 'info' }),
  LOG_FILE: Type.Optional(text()),
  LOG_FILE_BYTES: Type.Integer({ minimum: 10_000, maximum: 10_000_000_000, default: 10_000_000 }),
  LOG_FILES_KEPT: Type.Integer({ minimum: 1, maximum: 1000, default: 9 }),
  DATABASE_URL: Type.Optional(text()),
  DATABASE_POOL_SIZE: Type.Integer({ minimum: 1, maximum: 200, default: 10 }),
  REDIS_URL: Type.Optional(text()),
  DATA_DIR: text('./data'),
  CERTS_DIR: text('./certs'),
  MEDIA_DIR: Type.Optional(text()),
  AVATAR_MAX_BYTES: Type.Integer({ minimum: 1024, maximum: 50_000_000, default: 5_242_880 }),
  S3_BUCKET: Type.Optional(text()),
  S3_REGION: text('us-east-1'),
  S3_ENDPOINT: Type.Optional(text()),
  S3_ACCESS_KEY_ID: Type.Optional(text()),
  S3_SECRET_ACCESS_KEY: Type.Optional(text()),
  DEMO_DATA: Type.Optional(Type.Boolean()),
  JOBS: flag(true),
  TOKEN_ALGORITHM: Type.Enum(['EdDSA', 'RS256', 'HS256'], { default: 'EdDSA' }),
  STAFF_REQUIRE_TOTP: flag(false),
  OIDC_PROVIDERS_FILE: Type.Optional(text()),
  AUTH_REQUIRE_ACTIVATION: Type.Optional(Type.Boolean()),
  AUTH_THROTTLE: Type.Optional(Type.Boolean()),
  AUTH_TRIES_PER_ACCOUNT: Type.Integer({ minimum: 1, maximum: 100_000, default: 10 }),
  AUTH_TRIES_PER_ADDRESS: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 100 }),
  AUTH_TRIES_SECONDS: seconds(900),
  ACCOUNT_LINK_SECONDS: seconds(24 * 3600),
  PASSWORD_RESET_SECONDS: seconds(3600),
  ACCESS_TOKEN_SECONDS: seconds(900),
  REFRESH_TOKEN_SECONDS: seconds(30 * 24 * 3600),
  SIGN_IN_SECONDS: seconds(180 * 24 * 3600),
  HOLD_SECONDS: seconds(600),
  EXTENSION_SECONDS: seconds(300),
  PAYMENT_WINDOW_SECONDS: seconds(900),
  MAX_HOLD_SECONDS: seconds(1800),
  PLATFORM_CURRENCY: Type.String({ pattern: '^[A-Z]{3}$', default: 'UAH' }),
  CANCEL_CUTOFF_MINUTES: minutes(30),
  SEAT_RULES: Type.Optional(Type.Boolean()),
  EARLY_BIRD_DAYS: Type.Integer({ minimum: 1, maximum: 365, default: 7 }),
  LOYALTY_TIERS: Type.Array(Type.String({ pattern: TIER }), { default: ['basic:0:3', 'silver:5000:5', 'gold:20000:8'] }),
  LOYALTY_POINT_VALUE: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }),
  LOYALTY_CAP_PERCENT: Type.Integer({ minimum: 0, maximum: 100, default: 50 }),
  LOYALTY_POINTS_DAYS: Type.Integer({ minimum: 1, maximum: 36_500, default: 365 }),
  CLEANING_MINUTES: minutes(15),
  DOORS_OPEN_MINUTES: minutes(60),
  REMINDER_MINUTES: minutes(120),
  EVENTS_HALL_ID: Type.Optional(Type.Integer({ minimum: 1 })),
  REVIEWS_MODERATION: flag(true),
  PRIVACY_CONTACT_DAYS: Type.Integer({ minimum: 1, maximum: 36_500, default: 180 }),
  REPORTS_KEPT_DAYS: Type.Integer({ minimum: 1, maximum: 36_500, default: 400 }),
  SWEEP_SECONDS: seconds(10, MAX_TIMER_SECONDS),
  LIVE_CONNECTIONS: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 10_000 }),
  LIVE_CONNECTIONS_PER_ADDRESS: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 50 }),
  LIVE_REFRESH_SECONDS: seconds(10, MAX_TIMER_SECONDS),
  LIVE_PING_SECONDS: seconds(20, MAX_TIMER_SECONDS),
  PAYMENT_PROVIDER: Type.Optional(Type.Enum(['mock', 'stripe', 'none'])),
  STRIPE_SECRET_KEY: Type.Optional(Type.String({ pattern: STRIPE_SECRET })),
  STRIPE_PUBLISHABLE_KEY: Type.Optional(Type.String({ pattern: '^pk_(test|live)_\\w+$' })),
  STRIPE_WEBHOOK_SECRETS: list('^whsec_\\S{16,}$'),
  STRIPE_API_URL: Type.Optional(text()),
  MOCK_PROVIDER_URL: Type.Optional(text()),
  MOCK_WEBHOOK_SECRETS: Type.Array(Type.String({ minLength: 16 }), { default: [] }),
  SMTP_URL: Type.Optional(text()),
  MAIL_FROM: Type.Optional(Type.String({ pattern: MAILBOX })),
} satisfies TProperties

const Variables = Type.Object(variables)
export type Variables = Static<typeof Variables>

export type Config = Omit<
  Variables,
  | 'PUBLIC_URL'
  | 'WEB_DIR'
  | 'RATE_LIMITS'
  | 'AUTH_THROTTLE'
  | 'MEDIA_DIR'
  | 'AUTH_REQUIRE_ACTIVATION'
  | 'SEAT_RULES'
  | 'DEMO_DATA'
  | 'PAYMENT_PROVIDER'
  | 'MAIL_FROM'
> & {
  PUBLIC_URL: string
  WEB_DIR: string
  RATE_LIMITS: boolean
  AUTH_THROTTLE: boolean
  MEDIA_DIR: string
  AUTH_REQUIRE_ACTIVATION: boolean
  SEAT_RULES: boolean
  DEMO_DATA: boolean
  PAYMENT_PROVIDER: 'mock' | 'stripe' | 'none'
  MAIL_FROM: string
}

const WEB_DIST = fileURLToPath(new URL('../../../web/dist', import.meta.url))

export const variableNames = Object.keys(variables)

/** An IPv6 address stands in brackets in a URL. */
export const hostInUrl = (host: string) => (host.includes(':') ? `[${host}]` : host)

const parseOne = (name: string, raw: string): unknown => {
  const schema = variables[name as keyof typeof variables] as { type?: string }
  if (schema.type === 'array')
    return raw
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
  if (schema.type === 'boolean')
    return (
      ({ true: true, '1': true, on: true, false: false, '0': false, off: false } as Record<string, boolean>)[raw.toLowerCase()] ??
      raw
    )
  if (schema.type === 'integer') return /^-?\d+$/.test(raw) ? Number(raw) : raw
  return raw
}

const readVariables = (env: Record<string, string | undefined>): Variables => {
  const given = Object.fromEntries(
    variableNames.flatMap((name) => {
      const raw = env[name]?.trim()
      return raw === undefined || raw === '' ? [] : [[name, parseOne(name, raw)]]
    }),
  )
  const complete = Value.Default(Variables, given)
  const [problem] = Value.Errors(Variables, complete)
  if (problem) {
    const name = problem.instancePath.split('/')[1] ?? ''
    // Secrets and addresses with passwords are not repeated on the screen.
    const value = /SECRET|_URL$/.test(name) ? '' : `, but is "${env[name] ?? ''}"`
    const { allowedValues } = problem.params as { allowedValues?: string[] }
    const rule = allowedValues ? `must be one of ${allowedValues.join(', ')}` : problem.message
    throw configError(`${name} is wrong: it ${rule}${value}.`)
  }
  return complete as Variables
}

const refuseInProduction = (config: Variables) => {
  if (config.DEMO_DATA) throw configError('DEMO_DATA is refused in production: its accounts have a public password.')
  if ((config.PAYMENT_PROVIDER ?? 'mock') === 'mock')
    throw configError(
      'PAYMENT_PROVIDER is refused in production: the mock provider takes no real money. Set it to stripe, or to none.',
    )
  if (config.STRIPE_API_URL) throw configError('STRIPE_API_URL is refused in production: it is for tests.')
  if (!config.PUBLIC_URL) throw configError('PUBLIC_URL is missing: in production links in mails and webhooks need it.')
  if (!config.DATABASE_URL)
    throw configError(
      'DATABASE_URL is missing: the embedded database does not survive a power loss and is refused in production.',
    )
  if (config.MOCK_WEBHOOK_SECRETS.length > 0) throw configError('MOCK_WEBHOOK_SECRETS is refused in production.')
}

/** Reads and checks the whole environment once; a wrong or half-set variable stops the start with a sentence. */
export const loadConfig = (env: Record<string, string | undefined> = process.env): Config => {
  const config = readVariables(env)
  if (config.DATABASE_URL) url('DATABASE_URL', config.DATABASE_URL, ['postgres:', 'postgresql:'])
  if (config.REDIS_URL) url('REDIS_URL', config.REDIS_URL, ['redis:', 'rediss:'])
  if (config.PUBLIC_URL) url('PUBLIC_URL', config.PUBLIC_URL, ['http:', 'https:'])
  if (config.ASSET_BASE_URL) url('ASSET_BASE_URL', config.ASSET_BASE_URL, ['http:', 'https:'])
  if (config.S3_ENDPOINT) url('S3_ENDPOINT', config.S3_ENDPOINT, ['http:', 'https:'])
  if (config.S3_BUCKET && !(config.S3_ACCESS_KEY_ID && config.S3_SECRET_ACCESS_KEY))
    throw configError('S3_ACCESS_KEY_ID or S3_SECRET_ACCESS_KEY is missing: with S3_BUCKET both are needed.')
  if (config.SMTP_URL) url('SMTP_URL', config.SMTP_URL, ['smtp:', 'smtps:'])
  if (config.MOCK_PROVIDER_URL) url('MOCK_PROVIDER_URL', config.MOCK_PROVIDER_URL, ['http:', 'https:'])
  if (config.MOCK_PROVIDER_URL && config.MOCK_WEBHOOK_SECRETS.length === 0)
    throw configError('MOCK_WEBHOOK_SECRETS is missing: with MOCK_PROVIDER_URL both sides must share a secret.')
  requireWholeStripe(config)
  if (config.STRIPE_API_URL) url('STRIPE_API_URL', config.STRIPE_API_URL, ['http:', 'https:'])
  if (config.SMTP_URL && !config.MAIL_FROM) throw configError('MAIL_FROM is missing: with SMTP_URL mails need a sender.')
  if (config.RATE_BURST < config.RATE_PER_SECOND) throw configError('RATE_BURST is wrong: it is smaller than RATE_PER_SECOND.')
  if (config.MAX_HOLD_SECONDS < config.HOLD_SECONDS)
    throw configError('MAX_HOLD_SECONDS is wrong: it is shorter than HOLD_SECONDS.')
  requireTiers(config)
  if (config.NODE_ENV === 'production') refuseInProduction(config)
  const from = (path: string) => (isAbsolute(path) ? path : resolve(env['INIT_CWD'] ?? process.cwd(), path))
  return {
    ...config,
    DATA_DIR: from(config.DATA_DIR),
    MEDIA_DIR: from(config.MEDIA_DIR ?? join(config.DATA_DIR, 'media')),
    CERTS_DIR: from(config.CERTS_DIR),
    ...(config.LOG_FILE && { LOG_FILE: from(config.LOG_FILE) }),
    ...(config.OIDC_PROVIDERS_FILE && { OIDC_PROVIDERS_FILE: from(config.OIDC_PROVIDERS_FILE) }),
    WEB_DIR: config.WEB_DIR ? from(config.WEB_DIR) : WEB_DIST,
    PUBLIC_URL: (config.PUBLIC_URL ?? `http://${hostInUrl(config.HOST)}:${config.PORT}`).replace(/\/$/, ''),
    RATE_LIMITS: config.RATE_LIMITS ?? config.NODE_ENV !== 'test',
    AUTH_THROTTLE: config.AUTH_THROTTLE ?? config.NODE_ENV !== 'test',
    AUTH_REQUIRE_ACTIVATION: config.AUTH_REQUIRE_ACTIVATION ?? config.NODE_ENV === 'production',
    SEAT_RULES: config.SEAT_RULES ?? config.NODE_ENV !== 'test',
    DEMO_DATA: config.DEMO_DATA ?? config.NODE_ENV === 'development',
    PAYMENT_PROVIDER: config.PAYMENT_PROVIDER ?? 'mock',
    MAIL_FROM: config.MAIL_FROM ?? 'Marquee <tickets@marquee.test>',
  }
}

/** Makes a folder that a variable names, or says in a sentence why it cannot be one. */
export const makeFolder = (name: string, path: string, mode = 0o755) => {
  try {
    mkdirSync(path, { recursive: true, mode })
  } catch (error) {
    throw configError(`${name} ${path} cannot be used as a folder: ${(error as Error).message}.`)
  }
}
