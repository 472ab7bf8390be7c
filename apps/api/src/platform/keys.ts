import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Config, configError, makeFolder } from './config.ts'

export type VerifyingKey = { kid: string; publicKey: KeyObject }
export type SigningKey = VerifyingKey & { privateKey: KeyObject }
/** `retiredTickets` sign nothing any more; what they have signed still opens the door. */
export type Keys = { tokens: SigningKey; tickets: SigningKey; retiredTickets: VerifyingKey[]; webhookSecrets: string[] }

const MIN_SECRET_LENGTH = 16

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** Writes a new secret so that of two processes starting at once both use the same one. */
const createFile = (file: string, content: string) => {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, content, { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}

const readOrCreate = (file: string, create: () => string, production: boolean): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (!isMissing(error)) throw error
    if (production)
      throw configError(
        `The key file ${file} is missing. In production keys are made by you: openssl genpkey -algorithm ed25519 -out ${file}`,
      )
    createFile(file, create())
    return readFileSync(file, 'utf8')
  }
}

const generatePem = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const kidOf = (publicKey: KeyObject) =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
    .slice(0, 12)

const RETIRED = /^tickets-.+\.pub\.pem$/

const readRetired = (folder: string): VerifyingKey[] =>
  readdirSync(folder)
    .filter((name) => RETIRED.test(name))
    .toSorted()
    .map((name) => {
      const file = join(folder, name)
      try {
        const publicKey = createPublicKey(readFileSync(file))
        if (publicKey.asymmetricKeyType !== 'ed25519') throw new Error(`it is ${publicKey.asymmetricKeyType}`)
        return { kid: kidOf(publicKey), publicKey }
      } catch (error) {
        throw configError(`The key file ${file} is not an Ed25519 public key in PEM: ${(error as Error).message}.`)
      }
    })

const toSigningKey = (file: string, pem: string): SigningKey => {
  try {
    const privateKey = createPrivateKey(pem)
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`it is ${privateKey.asymmetricKeyType}`)
    const publicKey = createPublicKey(privateKey)
    return { kid: kidOf(publicKey), privateKey, publicKey }
  } catch (error) {
    throw configError(`The key file ${file} is not an Ed25519 private key in PEM: ${(error as Error).message}.`)
  }
}

/** The keys that sign access tokens and tickets, and the mock provider's webhook secrets; made on the first start outside production. */
export const loadKeys = ({
  CERTS_DIR,
  NODE_ENV,
  MOCK_WEBHOOK_SECRETS,
}: Pick<Config, 'CERTS_DIR' | 'NODE_ENV' | 'MOCK_WEBHOOK_SECRETS'>): Keys => {
  const production = NODE_ENV === 'production'
  if (!production) makeFolder('CERTS_DIR', CERTS_DIR, 0o700)
  const signing = (name: string) => {
    const file = join(CERTS_DIR, name)
    return toSigningKey(file, readOrCreate(file, generatePem, production))
  }
  const secrets = () => {
    const file = join(CERTS_DIR, 'mock-webhook.secret')
    const secret = readOrCreate(file, () => randomBytes(32).toString('hex'), production).trim()
    if (secret.length < MIN_SECRET_LENGTH)
      throw configError(
        `The secret in ${file} is shorter than ${MIN_SECRET_LENGTH} characters. Remove the file to have a new one made.`,
      )
    return [secret]
  }
  return {
    tokens: signing('tokens.pem'),
    tickets: signing('tickets.pem'),
    retiredTickets: readRetired(CERTS_DIR),
    webhookSecrets: MOCK_WEBHOOK_SECRETS.length > 0 || production ? MOCK_WEBHOOK_SECRETS : secrets(),
  }
}
