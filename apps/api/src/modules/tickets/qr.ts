import { sign } from 'node:crypto'

import type { SigningKey } from '#platform/keys.ts'

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
