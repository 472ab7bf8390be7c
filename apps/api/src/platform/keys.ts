import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Config, configError } from './config.ts'

export type SigningKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject }
export type Keys = { tokens: SigningKey; tickets: SigningKey; webhookSecrets: string[] }

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** Writes a new secret so that of two processes starting at once both use the same one. */
const createFile = (file: string, content: string) => {
  const draft = `${file}.${process.pid}`
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

const toSigningKey = (file: string, pem: string): SigningKey => {
  try {
    const privateKey = createPrivateKey(pem)
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`it is ${privateKey.asymmetricKeyType}`)
    const publicKey = createPublicKey(privateKey)
    const kid = createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url')
      .slice(0, 12)
    return { kid, privateKey, publicKey }
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
  if (!production) mkdirSync(CERTS_DIR, { recursive: true, mode: 0o700 })
  const signing = (name: string) => {
    const file = join(CERTS_DIR, name)
    return toSigningKey(file, readOrCreate(file, generatePem, production))
  }
  const secrets = () => [
    readOrCreate(join(CERTS_DIR, 'mock-webhook.secret'), () => randomBytes(32).toString('hex'), production).trim(),
  ]
  return {
    tokens: signing('tokens.pem'),
    tickets: signing('tickets.pem'),
    webhookSecrets: MOCK_WEBHOOK_SECRETS.length > 0 || production ? MOCK_WEBHOOK_SECRETS : secrets(),
  }
}
