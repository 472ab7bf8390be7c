import { sessionCancelled } from '#modules/sessions/errors.ts'
import { cancelled, expired, notPaid } from '#modules/tickets/errors.ts'
import type { SeatType, SessionStatus, TicketStatus } from '#platform/db/types.gen.ts'
import type { Locale } from '#platform/i18n.ts'

export type PaperFacts = {
  locale: Locale
  id: number
  order_id: number
  session_id: number
  seat_row: string
  seat_number: number
  seat_type: SeatType
  /** For whom it is, when not for everybody. */
  type_name: string | null
  booking_reference: string
  qr_code: string | null
  final_price_minor: number
  status: TicketStatus
  order_reference: string
  currency: string
  title: string
  duration_minutes: number
  certification: string | null
  start_time: Date
  end_time: Date
  version: number
  session_status: SessionStatus
  language: string
  subtitles: string | null
  format_3d: boolean
  format_imax: boolean
  hall: string
  cinema: string
  address: string
  timezone: string
  now: Date
}

export const isGood = ({ status, session_status }: PaperFacts) =>
  (status === 'paid' || status === 'used') && session_status !== 'cancelled'

const refusals = { reserved: notPaid, expired, cancelled, refunded: cancelled } as const

/** Why a ticket cannot be printed; nothing when it can. One that has been used is a keepsake. */
export const refusalOf = ({ status, session_status }: PaperFacts) => {
  if (status !== 'paid' && status !== 'used') return refusals[status]()
  return session_status === 'cancelled' ? sessionCancelled() : undefined
}

/** No name of ours is cut in a file system by its own signs. */
const safeName = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/[\p{C}\p{Z}/\\:*?"<>|]+/gu, ' ')
    .trim()
    .slice(0, 100)

const percent = (text: string) =>
  encodeURIComponent(text).replaceAll(/['()*]/g, (sign) => `%${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase()}`)

/** A `content-disposition` with the name as it is, and one in ASCII for who cannot read that. */
export const asFile = (title: string, reference: string, extension: 'pdf' | 'ics') =>
  `attachment; filename="marquee-${reference}.${extension}"; filename*=UTF-8''${percent(`${safeName(`${title} ${reference}`)}.${extension}`)}`

/** One line of blanks and no line breaks: whatever a name holds, it stays on its line. */
export const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
