import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { configError } from './config.ts'

export type VerifyingKey = { kid: string; publicKey: KeyObject }
export type SigningKey = VerifyingKey & { privateKey: KeyObject }
/** A kind of key pair: what files hold it, and how an operator makes one. */
export type Kind = { name: string; fits: (key: KeyObject) => boolean; generate: () => KeyObject; command: string }

const MIN_MODULUS_BITS = 2048
const MODULUS_BITS = 3072

export const ed25519: Kind = {
  name: 'Ed25519',
  fits: (key) => key.asymmetricKeyType === 'ed25519',
  generate: () => generateKeyPairSync('ed25519').privateKey,
  command: 'openssl genpkey -algorithm ed25519 -out',
}
export const rsa: Kind = {
  name: `RSA (of ${MIN_MODULUS_BITS} bits or more)`,
  fits: (key) => key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_MODULUS_BITS,
  generate: () => generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS }).privateKey,
  command: `openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:${MODULUS_BITS} -out`,
}

const errorCode = (error: unknown) => (error as NodeJS.ErrnoException).code

const writeDraft = (file: string, content: string) => {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, content, { mode: 0o600 })
  return draft
}

/** Writes a new secret so that of two processes starting at once both use the same one. */
const createFile = (file: string, content: string) => {
  const draft = writeDraft(file, content)
  try {
    linkSync(draft, file)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}

/** Whoever reads the file at that moment finds the old content or the new, never a part. */
export const replaceFile = (file: string, content: string) => renameSync(writeDraft(file, content), file)

type Making = { create: () => string; command: string; production: boolean }

/** Reads a key file; outside production a missing one is made. */
export const readOrCreate = (file: string, { create, command, production }: Making): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    if (production) throw configError(`The key file ${file} is missing. In production keys are made by you: ${command} ${file}`)
    createFile(file, create())
    return readFileSync(file, 'utf8')
  }
}

export const pemOf = (privateKey: KeyObject) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** Names a key by what it is, so that nobody has to keep a list. */
export const kidOf = (content: Buffer) => createHash('sha256').update(content).digest('base64url').slice(0, 12)
const kidOfPublic = (publicKey: KeyObject) => kidOf(publicKey.export({ type: 'spki', format: 'der' }))

const requireKind = (key: KeyObject, kinds: Kind[]) => {
  if (!kinds.some(({ fits }) => fits(key))) throw new Error(`it is ${key.asymmetricKeyType}`)
}
const namesOf = (kinds: Kind[]) => kinds.map(({ name }) => name).join(' or ')

export const toSigningKey = (file: string, pem: string, ...kinds: Kind[]): SigningKey => {
  try {
    const privateKey = createPrivateKey(pem)
    requireKind(privateKey, kinds)
    const publicKey = createPublicKey(privateKey)
    return { kid: kidOfPublic(publicKey), privateKey, publicKey }
  } catch (error) {
    throw configError(`The key file ${file} is not an ${namesOf(kinds)} private key in PEM: ${(error as Error).message}.`)
  }
}

/** Files of this name, in order; what they hold is used no more for new things, and still counts for old ones. */
export const filesLike = (folder: string, pattern: RegExp): string[] =>
  readdirSync(folder)
    .filter((name) => pattern.test(name))
    .toSorted()
    .map((name) => join(folder, name))

export const readVerifyingKey = (file: string, ...kinds: Kind[]): VerifyingKey => {
  try {
    const publicKey = createPublicKey(readFileSync(file))
    requireKind(publicKey, kinds)
    return { kid: kidOfPublic(publicKey), publicKey }
  } catch (error) {
    throw configError(`The key file ${file} is not an ${namesOf(kinds)} public key in PEM: ${(error as Error).message}.`)
  }
}
