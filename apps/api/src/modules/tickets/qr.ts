import { sign, verify } from 'node:crypto'

import type { SigningKey, VerifyingKey } from '#platform/keys.ts'

export type TicketClaims = { ticket_id: number; session_id: number; seat_id: number; valid_from: Date; valid_until: Date }

const VERSION = 'MQ1'
const seconds = (time: Date) => Math.floor(time.getTime() / 1000)

/**
 * What a QR code says: `MQ1.<kid>.<ticket,session,seat,from,until>.<Ed25519 signature>`; times in Unix seconds, no
 * personal data. Short, so that the code stays coarse enough for an old scanner.
 */
export const createTicketSigner =
  ({ kid, privateKey }: SigningKey) =>
  ({ ticket_id, session_id, seat_id, valid_from, valid_until }: TicketClaims) => {
    const body = `${VERSION}.${kid}.${[ticket_id, session_id, seat_id, seconds(valid_from), seconds(valid_until)].join(',')}`
    return `${body}.${sign(null, Buffer.from(body), privateKey).toString('base64url')}`
  }
export type SignTicket = ReturnType<typeof createTicketSigner>

/** No code of ours is longer; whatever else a scanner reads is not even looked at. */
const MAX_LENGTH = 300
const FORM = /^MQ1\.([\w-]{1,32})\.(\d{1,16}),(\d{1,16}),(\d{1,16}),(\d{1,12}),(\d{1,12})\.([\w-]{85}[AQgw])$/

/** Reads what one of these keys has signed; undefined for anything else. It never throws and asks nobody. */
export const createTicketVerifier = (keys: VerifyingKey[]) => {
  const known = new Map(keys.map(({ kid, publicKey }) => [kid, publicKey]))
  return (scanned: string): TicketClaims | undefined => {
    if (scanned.length > MAX_LENGTH) return undefined
    const code = scanned.trim()
    const [, kid = '', ticket, session, seat, from, until, signature = ''] = FORM.exec(code) ?? []
    const publicKey = known.get(kid)
    const [ticket_id = NaN, session_id = NaN, seat_id = NaN] = [ticket, session, seat].map(Number)
    if (!publicKey || ![ticket_id, session_id, seat_id].every(Number.isSafeInteger)) return undefined
    const body = code.slice(0, -signature.length - 1)
    if (!verify(null, Buffer.from(body), publicKey, Buffer.from(signature, 'base64url'))) return undefined
    const time = (value: string | undefined) => new Date(Number(value) * 1000)
    return { ticket_id, session_id, seat_id, valid_from: time(from), valid_until: time(until) }
  }
}
export type VerifyTicket = ReturnType<typeof createTicketVerifier>
