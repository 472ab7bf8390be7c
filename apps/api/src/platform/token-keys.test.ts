import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { loadKeys } from './keys.ts'
import { openTokenKeys, rotateTokenKeys, type TokenAlgorithm } from './token-keys.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'marquee-rotation-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const OVERLAP = { overlapSeconds: 900 }
const open = (algorithm: TokenAlgorithm = 'EdDSA', production = false) => openTokenKeys({ folder, algorithm, production })
const rotate = (how: { overlapSeconds?: number; algorithm?: TokenAlgorithm; now?: number } = {}) =>
  rotateTokenKeys({ folder, algorithm: 'EdDSA', ...OVERLAP, ...how })
const sentence = (pattern: RegExp): unknown =>
  expect.objectContaining({ name: 'ConfigError', message: expect.stringMatching(pattern) as string })

test.each(['EdDSA', 'RS256', 'HS256'] as const)(
  'R-202: a running process signs with the new %s key at once, and still knows the old one',
  (algorithm) => {
    const running = open(algorithm)
    const before = running.signer()
    const { retired, signer } = rotate({ algorithm })
    expect([retired, running.signer().kid]).toEqual([before.kid, signer])
    expect(signer).not.toBe(retired)
    expect(running.find(retired)).toMatchObject({ kid: retired, alg: algorithm })
    expect(running.find(signer)?.alg).toBe(algorithm)
    expect(running.find('somebody else’s')).toBeUndefined()
    expect(readdirSync(folder).filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0)).toEqual([])
  },
)

test('what is published are the public halves of all that count; a shared secret is never published', () => {
  const running = open()
  rotate()
  const published = running.published()
  expect(published.map(({ kid }) => kid)).toContain(running.signer().kid)
  expect(published).toHaveLength(2)
  for (const key of published) expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  expect(Object.keys(open('HS256').published())).toEqual([])
})

test('rotations in quick succession are all noticed', () => {
  const running = open()
  for (let turn = 1; turn <= 20; turn += 1) {
    const { signer } = rotate()
    expect(running.signer().kid).toBe(signer)
  }
})

test('a retired key is forgotten once all that it has signed has expired', () => {
  const first = open().signer().kid
  rotate()
  const file = join(folder, `tokens-${first}.pub.pem`)
  expect(readFileSync(file, 'utf8')).toContain('BEGIN PUBLIC KEY')
  expect(rotate().forgotten).toBe(0)
  const long_ago = Date.now() / 1000 - 901
  utimesSync(file, long_ago, long_ago)
  expect(rotate().forgotten).toBe(1)
  expect([open().find(first), open().published().length]).toEqual([undefined, 3])
})

test('after a theft nothing that the old keys have signed counts', () => {
  const running = open()
  const [first, second] = [running.signer().kid, rotate().signer]
  rotate({ overlapSeconds: 0 })
  expect([running.find(first), running.find(second), running.published().length]).toEqual([undefined, undefined, 1])
})

test('an installation changes over from Ed25519 to RSA without signing anybody out', () => {
  const [running, first] = [open(), open().signer().kid]
  expect(() => open('RS256')).toThrow(sentence(/tokens\.pem is for EdDSA, but TOKEN_ALGORITHM is RS256.*keys:rotate/))
  rotate({ algorithm: 'RS256' })
  for (const process of [running, open('RS256')])
    expect([process.signer().alg, process.find(first)?.alg]).toEqual(['RS256', 'EdDSA'])
})

test('a short RSA key, a short secret and a rotation that another one is doing are refused with a sentence', () => {
  open()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  writeFileSync(join(folder, 'tokens.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  expect(() => open('RS256')).toThrow(sentence(/not an Ed25519 or RSA \(of 2048 bits or more\) private key/))
  writeFileSync(join(folder, 'tokens.secret'), 'secret')
  expect(() => open('HS256')).toThrow(sentence(/tokens\.secret holds less than 64 hexadecimal digits/))
  writeFileSync(join(folder, 'rotation.lock'), '')
  expect(() => rotate()).toThrow(sentence(/Another rotation is under way.*rotation\.lock/))
})

test('Q-30: production makes neither a key nor a secret', () => {
  expect(() => open('RS256', true)).toThrow(sentence(/tokens\.pem is missing.*openssl genpkey -algorithm rsa/))
  expect(() => open('HS256', true)).toThrow(sentence(/tokens\.secret is missing.*openssl rand -hex 32/))
})

test('a process that finds a broken folder goes on with the keys it has', () => {
  const running = open()
  const { kid } = running.signer()
  writeFileSync(join(folder, 'tokens-broken.pub.pem'), 'garbage')
  expect(running.signer().kid).toBe(kid)
  rmSync(join(folder, 'tokens-broken.pub.pem'))
  expect(running.signer().kid).toBe(kid)
})

test('what an older secret has sealed or hashed is still known; nothing opens about somebody else, or when changed', () => {
  const load = () => loadKeys({ CERTS_DIR: folder, NODE_ENV: 'test', MOCK_WEBHOOK_SECRETS: [] }).secrets
  const old = load()
  const sealed = old.box('totp').seal('JBSWY3DP', 'user 7')
  expect(sealed).not.toContain('JBSWY3DP')
  expect(old.box('totp').seal('JBSWY3DP', 'user 7')).not.toBe(sealed)
  renameSync(join(folder, 'secrets.key'), join(folder, 'secrets-2026.key'))
  const fresh = load()
  expect(fresh.box('totp').open(sealed, 'user 7')).toBe('JBSWY3DP')
  expect(fresh.hasher('codes')('code')).toContain(old.hasher('codes')('code')[0])
  expect(fresh.hasher('codes')('code')[0]).not.toBe(old.hasher('codes')('code')[0])
  const [id = '', content = ''] = sealed.split('.')
  const changed = `${id}.${content.startsWith('A') ? 'B' : 'A'}${content.slice(1)}`
  expect([
    fresh.box('totp').open(sealed, 'user 8'),
    fresh.box('another').open(sealed, 'user 7'),
    ...[changed, `${id}.`, `x.${content}`, '', sealed.slice(0, -4)].map((text) => fresh.box('totp').open(text, 'user 7')),
  ]).toEqual(Array.from({ length: 7 }, () => undefined))
})

test('the command keys:rotate makes a new key and says which one counts', async () => {
  const first = open().signer().kid
  const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, 'keys:rotate'], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', CERTS_DIR: folder, DATA_DIR: folder },
  })
  // Whoever changes a stolen key need not have the database at hand.
  expect(stderr).toMatch(/^The audit log does not say so, note it yourself: There is no database in DATA_DIR/)
  expect(stdout).toContain(`What ${first} has signed counts until it expires.`)
  expect(open().signer().kid).not.toBe(first)
})
