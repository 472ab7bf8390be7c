import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createTestDatabase } from '#testing/database.ts'
import { freePort, runProcess } from '#testing/processes.ts'
import { start } from '../start.ts'
import { loadConfig, variableNames } from './config.ts'
import { createLog } from './log.ts'

const directory = mkdtempSync(join(tmpdir(), 'marquee-config-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** What the operator is told; anything but a sentence of ours shows what it is. */
const toldBy = (error: unknown) =>
  error instanceof Error && error.name === 'ConfigError' ? error.message : `not a sentence: ${String(error)}`
const refusal = (env: Record<string, string>) => {
  try {
    return `accepted: ${JSON.stringify(loadConfig(env))}`
  } catch (error) {
    return toldBy(error)
  }
}

test('without any variable it is a development server with demo data, the embedded database and the mock provider', () => {
  expect(loadConfig({})).toMatchObject({
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: 8000,
    PUBLIC_URL: 'http://127.0.0.1:8000',
    DEMO_DATA: true,
    PAYMENT_PROVIDER: 'mock',
    JOBS: true,
    DATA_DIR: resolve('data'),
    CORS_ORIGINS: [],
    HOLD_SECONDS: 600,
    MAIL_FROM: 'Marquee <tickets@marquee.test>',
  })
  expect(loadConfig({}).DATABASE_URL).toBeUndefined()
  expect(loadConfig({ NODE_ENV: 'test' }).DEMO_DATA).toBe(false)
})

test('text is read as what it means: numbers, switches, lists; blank is unset; paths start where npm was started', () => {
  const config = loadConfig({
    PORT: ' 9000 ',
    DEMO_DATA: 'off',
    JOBS: '0',
    CORS_ORIGINS: 'https://a.example, https://b.example ,',
    HOLD_SECONDS: ' ',
    DATABASE_URL: '',
    INIT_CWD: '/srv/cinema',
    DATA_DIR: 'data',
    CERTS_DIR: '/etc/certs',
    PUBLIC_URL: 'https://tickets.example/',
  })
  expect(config).toMatchObject({
    PORT: 9000,
    DEMO_DATA: false,
    JOBS: false,
    CORS_ORIGINS: ['https://a.example', 'https://b.example'],
    HOLD_SECONDS: 600,
    DATA_DIR: '/srv/cinema/data',
    CERTS_DIR: '/etc/certs',
    PUBLIC_URL: 'https://tickets.example',
  })
  expect(config.DATABASE_URL).toBeUndefined()
})

test('R-239: a value that is none of a few is told which there are', () => {
  expect(() => loadConfig({ NODE_ENV: 'prod' })).toThrow(
    'NODE_ENV is wrong: it must be one of development, test, production, but is "prod".',
  )
})

describe('R-239: every wrong value stops the start with a sentence naming the variable', () => {
  test.each([
    ['NODE_ENV', 'staging'],
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['PORT', '80.5'],
    ['PORT', '-1'],
    ['DOCS_ACCESS', 'nobody'],
    ['LOG_LEVEL', 'loud'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_POOL_SIZE', '500'],
    ['DEMO_DATA', 'yes please'],
    ['JOBS', '2'],
    ['PLATFORM_CURRENCY', 'uah'],
    ['TOKEN_ALGORITHM', 'none'],
    ['ACCESS_TOKEN_SECONDS', '0'],
    ['HOLD_SECONDS', '10m'],
    ['SWEEP_SECONDS', '0'],
    ['CANCEL_CUTOFF_MINUTES', '-5'],
    ['CLEANING_MINUTES', 'ten'],
    ['PAYMENT_PROVIDER', 'paypal'],
    ['STRIPE_SECRET_KEY', 'pk_test_1'],
    ['STRIPE_PUBLISHABLE_KEY', 'sk_test_1'],
    ['STRIPE_WEBHOOK_SECRETS', 'whsec_short'],
    ['DATABASE_URL', 'mysql://localhost/marquee'],
    ['DATABASE_URL', 'localhost'],
    ['PUBLIC_URL', 'tickets.example'],
    ['PUBLIC_URL', 'ftp://tickets.example'],
    ['SMTP_URL', 'mail.example'],
    ['MOCK_PROVIDER_URL', 'localhost:8100'],
    ['MOCK_WEBHOOK_SECRETS', 'too short'],
  ])('%s=%s', (name, value) => {
    expect(refusal({ [name]: value })).toMatch(new RegExp(`^${name} is wrong: `))
  })

  test.each([
    ['TRUSTED_PROXIES', 'the one in the cellar'],
    ['CORS_ORIGINS', 'tickets.example'],
    ['CORS_ORIGINS', 'https://tickets.example/page'],
    ['MAX_HOLD_SECONDS', '99999999999999'],
    ['SWEEP_SECONDS', '2147484'],
    ['MAIL_FROM', 'nobody'],
  ])('%s=%s, which would fail, or be ignored, much later', (name, value) => {
    expect(refusal({ [name]: value })).toMatch(new RegExp(`^${name} is wrong: `))
  })
})

const stripe = {
  PAYMENT_PROVIDER: 'stripe',
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_PUBLISHABLE_KEY: 'pk_test_1',
  STRIPE_WEBHOOK_SECRETS: 'whsec_0123456789abcdef',
}

test('Stripe is configured whole, with as many webhook secrets as there are while they rotate', () => {
  const secrets = 'whsec_0123456789abcdef, whsec_fedcba9876543210'
  expect(loadConfig({ ...stripe, STRIPE_WEBHOOK_SECRETS: secrets })).toMatchObject({
    PAYMENT_PROVIDER: 'stripe',
    STRIPE_WEBHOOK_SECRETS: secrets.split(', '),
  })
})

const halves: [string, Record<string, string>, RegExp][] = [
  ['a mail server without a sender', { SMTP_URL: 'smtp://mail.example' }, /^MAIL_FROM is missing/],
  [
    'a mock provider elsewhere without a shared secret',
    { MOCK_PROVIDER_URL: 'http://127.0.0.1:1' },
    /^MOCK_WEBHOOK_SECRETS is missing/,
  ],
  ['Stripe without its secret key', { ...stripe, STRIPE_SECRET_KEY: '' }, /^STRIPE_SECRET_KEY is missing/],
  ['Stripe without the key for browsers', { ...stripe, STRIPE_PUBLISHABLE_KEY: '' }, /^STRIPE_PUBLISHABLE_KEY is missing/],
  ['Stripe without a webhook secret', { ...stripe, STRIPE_WEBHOOK_SECRETS: '' }, /^STRIPE_WEBHOOK_SECRETS is missing/],
  ['a live key beside a test key', { ...stripe, STRIPE_SECRET_KEY: 'sk_live_1' }, /^STRIPE_PUBLISHABLE_KEY is wrong/],
  ['a key of Stripe that nobody uses', { ...stripe, PAYMENT_PROVIDER: '' }, /^STRIPE_SECRET_KEY is set, but/],
  ['a longest hold that is shorter than a hold', { HOLD_SECONDS: '100', MAX_HOLD_SECONDS: '99' }, /^MAX_HOLD_SECONDS is wrong/],
]
test.each(halves)('%s is refused by name', (_what, env, pattern) => expect(refusal(env)).toMatch(pattern))

test('an address of the sixth version of the internet protocol is written as one', () => {
  expect(loadConfig({ HOST: '::1' }).PUBLIC_URL).toBe('http://[::1]:8000')
})

test('Q-30: a refusal never repeats a secret', () => {
  for (const [name, secret] of [
    ['MOCK_WEBHOOK_SECRETS', 'hunter2'],
    ['STRIPE_SECRET_KEY', 'hunter2'],
    ['STRIPE_WEBHOOK_SECRETS', 'hunter2'],
    ['DATABASE_URL', 'mysql://root:hunter2@db/x'],
    ['SMTP_URL', 'smpt://me:hunter2@mail'],
  ] as const)
    expect(refusal({ [name]: secret })).toMatch(new RegExp(`^${name} (?!.*hunter2)`))
})

describe('Q-30: production', () => {
  const production = {
    NODE_ENV: 'production',
    PAYMENT_PROVIDER: 'none',
    PUBLIC_URL: 'https://tickets.example',
    DATABASE_URL: 'postgres://db/marquee',
  }
  const wrong: [string, Record<string, string>, RegExp][] = [
    ['demo data', { DEMO_DATA: 'true' }, /^DEMO_DATA is refused in production/],
    ['the mock provider', { PAYMENT_PROVIDER: 'mock' }, /^PAYMENT_PROVIDER is refused in production/],
    ['the mock provider as a default', { PAYMENT_PROVIDER: '' }, /^PAYMENT_PROVIDER is refused in production/],
    ['another Stripe', { ...stripe, STRIPE_API_URL: 'http://127.0.0.1:1' }, /^STRIPE_API_URL is refused in production/],
    ['secrets of the mock provider', { MOCK_WEBHOOK_SECRETS: 'a'.repeat(16) }, /^MOCK_WEBHOOK_SECRETS is refused in production/],
    ['to guess its address', { PUBLIC_URL: '' }, /^PUBLIC_URL is missing/],
    ['the embedded database', { DATABASE_URL: '' }, /^DATABASE_URL is missing/],
  ]

  test('starts with what it needs, and without demo data', () => {
    expect(loadConfig(production)).toMatchObject({ DEMO_DATA: false, PAYMENT_PROVIDER: 'none' })
  })
  test.each(wrong)('refuses %s', (_what, env, pattern) => expect(refusal({ ...production, ...env })).toMatch(pattern))
})

test('R-239: .env.sample and the configuration list the same variables, and the shown values are the defaults', () => {
  const sample = readFileSync(new URL('../../../../.env.sample', import.meta.url), 'utf8')
  const lines = [...sample.matchAll(/^(# )?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, optional, name = '', value = '']) => ({
    optional: optional !== undefined,
    name,
    value,
  }))
  expect(lines.map(({ name }) => name).toSorted()).toEqual(variableNames.toSorted())
  const shown = Object.fromEntries(lines.filter(({ optional }) => !optional).map(({ name, value }) => [name, value]))
  expect(loadConfig(shown)).toEqual(loadConfig({}))
  expect(() => loadConfig(Object.fromEntries(lines.map(({ name, value }) => [name, value])))).not.toThrow()
})

const base = () => ({
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  DATA_DIR: join(directory, 'data'),
  CERTS_DIR: join(directory, 'certs'),
})

describe('what only the start finds out is a sentence too', () => {
  let database = { url: '', drop: async () => undefined as unknown }
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  const refusedStart = async (env: Record<string, string>) => {
    const config = loadConfig({ ...base(), ...env })
    return start(config, createLog(config)).then(() => 'started', toldBy)
  }

  test('a database server that is not there, a name that none has, a wrong password, a database that does not exist', async () => {
    const urls = [
      `postgres://127.0.0.1:${await freePort()}/marquee`,
      'postgres://no-such-host.invalid/marquee',
      database.url.replace(/:[^:@]+@/, ':wrong@'),
      `${database.url}_not`,
    ]
    for (const DATABASE_URL of urls) expect(await refusedStart({ DATABASE_URL })).toMatch(/^DATABASE_URL does not work: /)
  })
  test('Q-30: production without keys', async () => {
    const production = {
      NODE_ENV: 'production',
      PAYMENT_PROVIDER: 'none',
      PUBLIC_URL: 'https://t.example',
      DATABASE_URL: database.url,
    }
    expect(await refusedStart({ ...production, CERTS_DIR: join(directory, 'none') })).toMatch(
      /^The key file .*tokens\.pem is missing/,
    )
  })
  test('an address that is not this machine’s', async () => {
    expect(await refusedStart({ DATABASE_URL: database.url, PORT: '0', HOST: '192.0.2.1' })).toMatch(/^HOST /)
  })
  test('a DATA_DIR that is a file', async () => {
    writeFileSync(join(directory, 'file'), '')
    expect(await refusedStart({ DATA_DIR: join(directory, 'file') })).toMatch(/^DATA_DIR /)
  })
})

describe('node src/main.ts ends with 1 and one sentence, never a stack', () => {
  const run = async (env: Record<string, string>) => {
    const { code, signal, output } = await runProcess('src/main.ts', { ...base(), ...env }, 20_000)
    return { code, signal, output }
  }
  const sentence = (pattern: RegExp): unknown => ({ code: 1, signal: null, output: expect.stringMatching(pattern) as unknown })

  test('when a value is wrong', async () => {
    expect(await run({ PORT: 'http' })).toEqual(sentence(/^PORT is wrong: .*\n$/))
  })
  test('when the port is taken', async () => {
    const { url, drop } = await createTestDatabase()
    const neighbour = createServer().listen(0, '127.0.0.1')
    await once(neighbour, 'listening')
    const { port } = neighbour.address() as AddressInfo
    const ended = await run({ DATABASE_URL: url, PORT: String(port) })
    expect(ended).toEqual(sentence(/^PORT \d+ is taken on 127\.0\.0\.1\. Set PORT to another one\.\n$/))
    neighbour.close()
    await drop()
  })
})
