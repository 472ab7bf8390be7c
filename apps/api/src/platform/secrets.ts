import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { configError } from './config.ts'
import { filesLike, kidOf, readOrCreate } from './key-files.ts'

const FILE = 'secrets.key'
const RETIRED = /^secrets-.+\.key$/
const HEX = /^[0-9a-f]{64}$/i
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

type Master = { id: string; bytes: Buffer }

const toMaster = (file: string, content: string): Master => {
  const text = content.trim()
  if (!HEX.test(text))
    throw configError(`The key file ${file} does not hold 64 hexadecimal digits. Make one: openssl rand -hex 32 > ${file}`)
  const bytes = Buffer.from(text, 'hex')
  return { id: kidOf(bytes), bytes }
}

/**
 * What is derived from `secrets.key`, one key for each purpose (HKDF-SHA-256, the purpose as its info): a copy of the
 * database alone opens nothing. `secrets-*.key` beside it are older ones: they seal nothing new, and still open what they have sealed.
 */
export const createSecrets = (masters: Master[]) => {
  const derive = ({ bytes }: Master, purpose: string) => Buffer.from(hkdfSync('sha256', bytes, 'marquee', purpose, KEY_BYTES))

  /** Seals short texts with AES-256-GCM. `about` is bound in: a text sealed about one person does not open about another. */
  const box = (purpose: string) => {
    const [newest, ...older] = masters.map((master) => ({ id: master.id, key: derive(master, purpose) }))
    if (!newest) throw new Error('There is no secret to seal with.')
    return {
      seal: (text: string, about: string): string => {
        const nonce = randomBytes(NONCE_BYTES)
        const cipher = createCipheriv(CIPHER, newest.key, nonce).setAAD(Buffer.from(about))
        const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
        return `${newest.id}.${sealed.toString('base64url')}`
      },
      /** Undefined when it was not sealed here, or about something else. */
      open: (sealed: string, about: string): string | undefined => {
        const [id, content = ''] = sealed.split('.')
        const found = [newest, ...older].find((one) => one.id === id)
        const bytes = Buffer.from(content, 'base64url')
        if (!found || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
        try {
          const decipher = createDecipheriv(CIPHER, found.key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
            .setAAD(Buffer.from(about))
            .setAuthTag(bytes.subarray(-TAG_BYTES))
          return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
        } catch {
          return undefined
        }
      },
    }
  }

  /** Keyed hashes of a text, the newest secret's first. */
  const hasher = (purpose: string) => {
    const keys = masters.map((master) => derive(master, purpose))
    return (text: string): [string, ...string[]] =>
      keys.map((key) => createHmac('sha256', key).update(text).digest('base64url')) as [string, ...string[]]
  }

  return { box, hasher }
}
export type Secrets = ReturnType<typeof createSecrets>

export const readSecrets = (folder: string, production: boolean): Secrets => {
  const file = join(folder, FILE)
  const create = () => randomBytes(KEY_BYTES).toString('hex')
  const newest = readOrCreate(file, { create, command: 'openssl rand -hex 32 >', production })
  const older = filesLike(folder, RETIRED).map((path) => toMaster(path, readFileSync(path, 'utf8')))
  return createSecrets([toMaster(file, newest), ...older])
}
