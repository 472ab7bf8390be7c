import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import { type Config, configError, makeFolder } from './config.ts'
import {
  ed25519,
  filesLike,
  pemOf,
  readOrCreate,
  readVerifyingKey,
  type SigningKey,
  toSigningKey,
  type VerifyingKey,
} from './key-files.ts'
import { readSecrets, type Secrets } from './secrets.ts'
import { openTokenKeys, type TokenKeys } from './token-keys.ts'

export type { SigningKey, VerifyingKey } from './key-files.ts'
/** `retiredTickets` sign nothing any more; what they have signed still opens the door. */
export type Keys = {
  tokens: TokenKeys
  tickets: SigningKey
  retiredTickets: VerifyingKey[]
  secrets: Secrets
  webhookSecrets: string[]
}
type Settings = Pick<Config, 'CERTS_DIR' | 'NODE_ENV' | 'MOCK_WEBHOOK_SECRETS'> & Partial<Pick<Config, 'TOKEN_ALGORITHM'>>

const MIN_SECRET_LENGTH = 16
const RETIRED_TICKETS = /^tickets-.+\.pub\.pem$/

const readWebhookSecret = (folder: string): string => {
  const file = join(folder, 'mock-webhook.secret')
  const create = () => randomBytes(32).toString('hex')
  const secret = readOrCreate(file, { create, command: 'openssl rand -hex 32 >', production: false }).trim()
  if (secret.length < MIN_SECRET_LENGTH)
    throw configError(
      `The secret in ${file} is shorter than ${MIN_SECRET_LENGTH} characters. Remove the file to have a new one made.`,
    )
  return secret
}

const readTicketKey = (folder: string, production: boolean): SigningKey => {
  const file = join(folder, 'tickets.pem')
  const create = () => pemOf(ed25519.generate())
  return toSigningKey(file, readOrCreate(file, { create, command: ed25519.command, production }), ed25519)
}

/**
 * The keys that sign access tokens and tickets, the secret that guards what is stored, and the mock provider's webhook
 * secrets; made on the first start outside production.
 */
export const loadKeys = ({ CERTS_DIR, NODE_ENV, MOCK_WEBHOOK_SECRETS, TOKEN_ALGORITHM = 'EdDSA' }: Settings): Keys => {
  const production = NODE_ENV === 'production'
  if (!production) makeFolder('CERTS_DIR', CERTS_DIR, 0o700)
  return {
    tokens: openTokenKeys({ folder: CERTS_DIR, algorithm: TOKEN_ALGORITHM, production }),
    tickets: readTicketKey(CERTS_DIR, production),
    retiredTickets: filesLike(CERTS_DIR, RETIRED_TICKETS).map((file) => readVerifyingKey(file, ed25519)),
    secrets: readSecrets(CERTS_DIR, production),
    webhookSecrets: MOCK_WEBHOOK_SECRETS.length > 0 || production ? MOCK_WEBHOOK_SECRETS : [readWebhookSecret(CERTS_DIR)],
  }
}
