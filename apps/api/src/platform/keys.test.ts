import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { loadKeys } from './keys.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'marquee-keys-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const certs = () => join(directory, 'certs')
const file = (name: string) => join(certs(), name)
type Settings = Partial<Parameters<typeof loadKeys>[0]>
const load = (settings: Settings = {}) =>
  loadKeys({ CERTS_DIR: certs(), NODE_ENV: 'test', MOCK_WEBHOOK_SECRETS: [], ...settings })
const FILES = ['mock-webhook.secret', 'secrets.key', 'tickets.pem', 'tokens.pem']
const sentence = (pattern: RegExp): unknown =>
  expect.objectContaining({ name: 'ConfigError', message: expect.stringMatching(pattern) as string })

test('R-202: the first start makes keys that only their owner reads, and the next one uses them', () => {
  const first = load()
  expect(readdirSync(certs()).toSorted()).toEqual(FILES)
  expect(statSync(certs()).mode & 0o777).toBe(0o700)
  expect(FILES.map((name) => statSync(file(name)).mode & 0o777)).toEqual(FILES.map(() => 0o600))
  const second = load()
  const sealed = first.secrets.box('a test').seal('a secret', 'somebody')
  expect([
    second.tokens.signer().kid,
    second.tickets.kid,
    second.webhookSecrets,
    second.secrets.box('a test').open(sealed, 'somebody'),
  ]).toEqual([first.tokens.signer().kid, first.tickets.kid, first.webhookSecrets, 'a secret'])
  expect(first.tokens.signer().kid).not.toBe(first.tickets.kid)
  expect(first.webhookSecrets[0]).toMatch(/^[0-9a-f]{64}$/)
})

test('configured secrets win over a made one', () => {
  expect(load({ MOCK_WEBHOOK_SECRETS: ['newer newer newer', 'older older older'] }).webhookSecrets).toEqual([
    'newer newer newer',
    'older older older',
  ])
  expect(existsSync(file('mock-webhook.secret'))).toBe(false)
})

test.each([
  ['tokens.pem', 'openssl genpkey -algorithm ed25519'],
  ['tickets.pem', 'openssl genpkey -algorithm ed25519'],
  ['secrets.key', 'openssl rand -hex 32'],
])('Q-30: production makes no key: a missing %s stops the start and says how to make it', (name, command) => {
  load()
  rmSync(file(name))
  expect(() => load({ NODE_ENV: 'production' })).toThrow(sentence(new RegExp(`key file .*${name} is missing.*${command}`)))
  expect(existsSync(file(name))).toBe(false)
})

test('production takes keys that are there and has no webhook secret of the mock provider', () => {
  load()
  expect(load({ NODE_ENV: 'production' }).webhookSecrets).toEqual([])
})

const publicPem = () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()

test('R-121: public keys of tickets that are signed no more lie beside the key, any number of them', () => {
  expect(load().retiredTickets).toEqual([])
  writeFileSync(file('tickets-2025.pub.pem'), publicPem())
  writeFileSync(file('tickets-2026.pub.pem'), publicPem())
  const { retiredTickets, tickets } = load()
  expect(new Set([tickets.kid, ...retiredTickets.map(({ kid }) => kid)]).size).toBe(3)
  writeFileSync(file('tickets-broken.pub.pem'), 'garbage')
  expect(() => load()).toThrow(sentence(/^The key file .*tickets-broken\.pub\.pem is not an Ed25519 public key in PEM/))
})

const pemOf = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
  (key as never as { export: (how: object) => string }).export({ type: 'pkcs8', format: 'pem' })
const foreign = {
  'is garbage': 'garbage',
  'is empty': '',
  'was cut short': '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n',
  'is of another kind': pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  'is a public key': generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
}
test.each(Object.entries(foreign))('a key file that %s stops the start with a sentence naming it', (_how, pem) => {
  load()
  writeFileSync(file('tokens.pem'), pem)
  expect(() => load()).toThrow(sentence(/^The key file .*tokens\.pem is not an Ed25519 or RSA .*private key in PEM/))
})

test.each(['', ' \n', 'short'])(
  'a secret file that holds "%s" stops the start: it would refuse every webhook, or guard nothing',
  (content) => {
    load()
    writeFileSync(file('mock-webhook.secret'), content)
    expect(() => load()).toThrow(sentence(/mock-webhook\.secret/))
    load({ MOCK_WEBHOOK_SECRETS: ['elsewhere elsewhere'] })
    writeFileSync(file('secrets.key'), content)
    expect(() => load()).toThrow(sentence(/secrets\.key does not hold 64 hexadecimal digits/))
  },
)

const LOADER = `
import { loadKeys } from ${JSON.stringify(new URL('keys.ts', import.meta.url).href)}
process.stdout.write('ready')
while (Date.now() < Number(process.env.START));
const { tokens, tickets, secrets, webhookSecrets } = loadKeys({ CERTS_DIR: process.env.DIRECTORY, NODE_ENV: 'test', MOCK_WEBHOOK_SECRETS: [] })
process.stdout.write(JSON.stringify([tokens.signer().kid, tickets.kid, secrets.hasher('a test')('text'), webhookSecrets]))`

test('four processes that make keys at the same moment agree on them', async () => {
  const env = { PATH: process.env['PATH'], DIRECTORY: certs(), START: String(Date.now() + 1_500) }
  const loaders = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', LOADER], { env, stdio: ['ignore', 'pipe', 'inherit'] }),
  )
  const [first, ...others] = await Promise.all(loaders.map(({ stdout }) => text(stdout)))
  expect(first).toMatch(/^ready\["/)
  expect(others).toEqual([first, first, first])
  expect(readdirSync(certs()).toSorted()).toEqual(FILES)
  expect(first).toContain(readFileSync(file('mock-webhook.secret'), 'utf8').trim())
})

test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a key file that may not be read stops the start with a sentence naming it',
  () => {
    load()
    chmodSync(file('tokens.pem'), 0)
    expect(() => load()).toThrow(sentence(/tokens\.pem/))
  },
)

test('a CERTS_DIR that is no folder stops the start with a sentence naming it', () => {
  writeFileSync(certs(), 'a file')
  expect(() => load()).toThrow(sentence(/CERTS_DIR/))
})
