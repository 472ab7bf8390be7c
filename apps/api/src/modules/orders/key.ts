import { sign, verify } from 'node:crypto'

import type { SigningKey, VerifyingKey } from '#platform/keys.ts'

/** Another purpose than a ticket's code, so that neither passes for the other under the same keys. */
const VERSION = 'MO1'

/** The key to one order, for a link in a mail: `MO1.<kid>.<order>.<Ed25519 signature>`. The same order has the same key. */
export const createOrderKeySigner =
  ({ kid, privateKey }: SigningKey) =>
  (orderId: number): string => {
    const body = `${VERSION}.${kid}.${orderId}`
    return `${body}.${sign(null, Buffer.from(body), privateKey).toString('base64url')}`
  }
export type SignOrderKey = ReturnType<typeof createOrderKeySigner>

const MAX_LENGTH = 300
const FORM = /^MO1\.([\w-]{1,32})\.([1-9]\d{0,15})\.([\w-]{85}[AQgw])$/

/** The order that a key opens, when one of these keys has signed it. */
export const createOrderKeyVerifier = (keys: VerifyingKey[]) => {
  const known = new Map(keys.map(({ kid, publicKey }) => [kid, publicKey]))
  return (key: string): number | undefined => {
    if (key.length > MAX_LENGTH) return undefined
    const [, kid = '', order, signature = ''] = FORM.exec(key) ?? []
    const publicKey = known.get(kid)
    const orderId = Number(order)
    if (!publicKey || !Number.isSafeInteger(orderId)) return undefined
    const body = key.slice(0, -signature.length - 1)
    return verify(null, Buffer.from(body), publicKey, Buffer.from(signature, 'base64url')) ? orderId : undefined
  }
}
export type VerifyOrderKey = ReturnType<typeof createOrderKeyVerifier>
