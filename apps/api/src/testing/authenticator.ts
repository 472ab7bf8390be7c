import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

import { isoCBOR } from '@simplewebauthn/server/helpers'

type Place = { origin: string; rpId: string }
/** What goes wrong, or is forged, this once. */
type Twist = Partial<Place> & { challenge?: string; type?: string; isVerified?: boolean; counter?: number }
type Creation = { challenge: string; user: { id: string } }

const PRESENT = 0x01
const VERIFIED = 0x04
const CARRIES_KEY = 0x40
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest()
const uint = (value: number, length: number) => {
  const bytes = Buffer.alloc(length)
  bytes.writeUIntBE(value, 0, length)
  return bytes
}

/** A security key in software: it makes one passkey and signs what it is asked, with a finger on it. */
export const createAuthenticator = (place: Place) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let counter = 0
  let userHandle = ''

  const clientData = (type: string, challenge: string, { origin = place.origin, ...twist }: Twist) =>
    Buffer.from(JSON.stringify({ type: twist.type ?? type, challenge: twist.challenge ?? challenge, origin, crossOrigin: false }))

  const authenticatorData = ({ rpId = place.rpId, isVerified = true, ...twist }: Twist, key = Buffer.alloc(0)) => {
    counter += 1
    const flags = PRESENT | (isVerified ? VERIFIED : 0) | (key.length > 0 ? CARRIES_KEY : 0)
    return Buffer.concat([sha256(rpId), uint(flags, 1), uint(twist.counter ?? counter, 4), key])
  }

  const attestedKey = () => {
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    const point = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
    const cose = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, point(x)],
      [-3, point(y)],
    ])
    return Buffer.concat([Buffer.alloc(16), uint(id.length, 2), id, isoCBOR.encode(cose)])
  }

  const envelope = {
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key',
    clientExtensionResults: {},
  }

  return {
    create: ({ challenge, user }: Creation, twist: Twist = {}) => {
      userHandle = user.id
      const authData = new Uint8Array(authenticatorData(twist, attestedKey()))
      const object = isoCBOR.encode(
        new Map<string, string | Uint8Array | Map<string, string>>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authData],
        ]),
      )
      const clientDataJSON = clientData('webauthn.create', challenge, twist).toString('base64url')
      return {
        ...envelope,
        response: { clientDataJSON, attestationObject: Buffer.from(object).toString('base64url'), transports: ['usb', 'nfc'] },
      }
    },
    get: ({ challenge }: { challenge: string }, twist: Twist = {}) => {
      const [data, client] = [authenticatorData(twist), clientData('webauthn.get', challenge, twist)]
      return {
        ...envelope,
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', Buffer.concat([data, sha256(client)]), privateKey).toString('base64url'),
          ...(userHandle && { userHandle }),
        },
      }
    },
  }
}
