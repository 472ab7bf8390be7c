import { createSecretKey, type JsonWebKey, type KeyObject, randomBytes } from 'node:crypto'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Config, configError } from './config.ts'
import {
  ed25519,
  filesLike,
  type Kind,
  kidOf,
  pemOf,
  readOrCreate,
  readVerifyingKey,
  replaceFile,
  rsa,
  toSigningKey,
} from './key-files.ts'

export type TokenAlgorithm = Config['TOKEN_ALGORITHM']
/** A key answers for one algorithm only, whatever a token's header says. */
export type TokenKey = { kid: string; alg: TokenAlgorithm; verifyWith: KeyObject }
type Signer = TokenKey & { signWith: KeyObject }
type Ring = { signer: Signer; keys: Map<string, TokenKey> }
type Place = { folder: string; algorithm: TokenAlgorithm; production: boolean }
/** What others need to check our tokens (RFC 7517). */
export type PublishedKey = JsonWebKey & { kid: string; alg: string; use: 'sig' }

const KINDS: Record<Exclude<TokenAlgorithm, 'HS256'>, Kind> = { EdDSA: ed25519, RS256: rsa }
const RETIRED = /^tokens-.+\.pub\.pem$/
const RETIRED_SECRETS = /^tokens-.+\.secret$/
const SECRET = /^[0-9a-f]{64,}$/i
const SETTLED_MS = 2_000
const SECRET_COMMAND = 'openssl rand -hex 32 >'

const algorithmOf = (key: KeyObject): TokenAlgorithm => (ed25519.fits(key) ? 'EdDSA' : 'RS256')
const fileOf = ({ folder, algorithm }: Place) => join(folder, algorithm === 'HS256' ? 'tokens.secret' : 'tokens.pem')

const toSecret = (file: string, content: string): Signer => {
  const text = content.trim()
  if (!SECRET.test(text))
    throw configError(`The key file ${file} holds less than 64 hexadecimal digits: ${SECRET_COMMAND} ${file}`)
  const key = createSecretKey(Buffer.from(text, 'hex'))
  return { kid: kidOf(Buffer.from(`kid ${text}`)), alg: 'HS256', signWith: key, verifyWith: key }
}

const newContent = (algorithm: TokenAlgorithm) =>
  algorithm === 'HS256' ? randomBytes(32).toString('hex') : pemOf(KINDS[algorithm].generate())

const readSigner = (place: Place): Signer => {
  const file = fileOf(place)
  const { algorithm, production } = place
  const command = algorithm === 'HS256' ? SECRET_COMMAND : KINDS[algorithm].command
  const content = readOrCreate(file, { create: () => newContent(algorithm), command, production })
  if (algorithm === 'HS256') return toSecret(file, content)
  const { kid, privateKey, publicKey } = toSigningKey(file, content, ed25519, rsa)
  return { kid, alg: algorithmOf(publicKey), signWith: privateKey, verifyWith: publicKey }
}

const readRetired = ({ folder, algorithm }: Place): TokenKey[] => {
  if (algorithm === 'HS256') return filesLike(folder, RETIRED_SECRETS).map((file) => toSecret(file, readFileSync(file, 'utf8')))
  return filesLike(folder, RETIRED).map((file) => {
    const { kid, publicKey } = readVerifyingKey(file, ed25519, rsa)
    return { kid, alg: algorithmOf(publicKey), verifyWith: publicKey }
  })
}

const readRing = (place: Place): Ring => {
  const signer = readSigner(place)
  return { signer, keys: new Map([...readRetired(place), signer].map((key) => [key.kid, key])) }
}

const publish = ({ kid, alg, verifyWith }: TokenKey): PublishedKey => ({
  ...verifyWith.export({ format: 'jwk' }),
  kid,
  alg,
  use: 'sig',
})

/**
 * The key that signs access tokens and all that verify them, by `kid`. A running process notices within the next request
 * that the folder has changed, so that a rotation needs no restart; what cannot be read then leaves the old keys in use.
 */
export const openTokenKeys = (place: Place) => {
  const changedAt = () => statSync(place.folder).mtimeMs
  let ring = readRing(place)
  if (ring.signer.alg !== place.algorithm)
    throw configError(
      `The key file ${fileOf(place)} is for ${ring.signer.alg}, but TOKEN_ALGORITHM is ${place.algorithm}. Run the command keys:rotate to change over.`,
    )
  let seen = 0

  const current = (): Ring => {
    try {
      const now = changedAt()
      if (now !== seen) {
        ring = readRing({ ...place, production: true })
        // Two changes of one moment look like one: a folder that has just changed is read again.
        seen = Date.now() - now > SETTLED_MS ? now : 0
      }
    } catch {
      // Somebody is at work in the folder; the next request looks again.
    }
    return ring
  }

  return {
    signer: () => current().signer,
    find: (kid: string): TokenKey | undefined => current().keys.get(kid),
    /** Secrets are never published. */
    published: (): PublishedKey[] => [...current().keys.values()].filter(({ alg }) => alg !== 'HS256').map(publish),
  }
}
export type TokenKeys = ReturnType<typeof openTokenKeys>

const withLock = <T>(folder: string, work: () => T): T => {
  const lock = join(folder, 'rotation.lock')
  try {
    writeFileSync(lock, '', { flag: 'wx' })
  } catch (error) {
    throw configError(`Another rotation is under way, or one was killed; then remove ${lock}. (${(error as Error).message})`)
  }
  try {
    return work()
  } finally {
    rmSync(lock)
  }
}

const retire = (place: Place, old: Signer) => {
  const isSecret = old.alg === 'HS256'
  const content = isSecret
    ? readFileSync(fileOf(place), 'utf8')
    : old.verifyWith.export({ type: 'spki', format: 'pem' }).toString()
  replaceFile(join(place.folder, `tokens-${old.kid}.${isSecret ? 'secret' : 'pub.pem'}`), content)
}

type Rotation = Omit<Place, 'production'> & {
  /** How long what the old key has signed is still believed; 0 when the key was stolen. */
  overlapSeconds: number
  now?: number
}

/** Makes a new signing key. The old one, or its public half, stays until all that it has signed is over. */
export const rotateTokenKeys = ({ overlapSeconds, now = Date.now(), ...rest }: Rotation) => {
  const place = { ...rest, production: true }
  return withLock(place.folder, () => {
    const old = readSigner(place)
    if (overlapSeconds > 0) retire(place, old)
    replaceFile(fileOf(place), newContent(place.algorithm))
    const over = [...filesLike(place.folder, RETIRED), ...filesLike(place.folder, RETIRED_SECRETS)].filter(
      (file) => overlapSeconds === 0 || statSync(file).mtimeMs < now - overlapSeconds * 1000,
    )
    for (const file of over) rmSync(file)
    return { retired: old.kid, signer: readSigner(place).kid, forgotten: over.length }
  })
}
