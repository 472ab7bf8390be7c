import { createHmac, timingSafeEqual } from 'node:crypto'

import { webhookForged as forged } from '../../errors.ts'

export const SIGNATURE_HEADER = 'Marquee-Signature'
const TOLERANCE_SECONDS = 300

const digest = (secret: string, timestamp: string, raw: string | Buffer) =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(raw).digest()

/** `t=<unix seconds>,v1=<hex>`, with one `v1` for each secret in use while they rotate. */
export const signWebhook = (secret: string | readonly string[], raw: string | Buffer, now: Date): string => {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signatures = [secret].flat().map((one) => `v1=${digest(one, timestamp, raw).toString('hex')}`)
  return [`t=${timestamp}`, ...signatures].join(',')
}

const parse = (header: string) => {
  const parts = header.split(',').map((part) => part.trim())
  const values = (name: string) => parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1))
  const [timestamp, ...others] = values('t')
  const signatures = values('v1')
    .filter((value) => /^[0-9a-f]{64}$/.test(value))
    .map((value) => Buffer.from(value, 'hex'))
  if (!timestamp || others.length > 0 || !/^\d{1,12}$/.test(timestamp)) throw forged('its signature has no time')
  if (signatures.length === 0) throw forged('it is not signed')
  return { timestamp, signatures }
}

type Verification = {
  secrets: readonly string[]
  raw: string | Buffer
  header: string | string[] | undefined
  now: Date
  toleranceSeconds?: number
}

/** Accepts when any signature matches any secret and the time is near; else throws `payments.webhook_forged`. */
export const verifyWebhook = ({ secrets, raw, header, now, toleranceSeconds = TOLERANCE_SECONDS }: Verification): void => {
  if (typeof header !== 'string') throw forged('it is not signed')
  const { timestamp, signatures } = parse(header)
  // An empty secret would let anyone sign.
  const expected = secrets.filter((secret) => secret !== '').map((secret) => digest(secret, timestamp, raw))
  const matches = expected.some((mine) => signatures.some((theirs) => timingSafeEqual(mine, theirs)))
  if (!matches) throw forged('its signature does not match')
  const age = Math.abs(Math.floor(now.getTime() / 1000) - Number(timestamp))
  if (age > toleranceSeconds) throw forged('its time is too far from now')
}
