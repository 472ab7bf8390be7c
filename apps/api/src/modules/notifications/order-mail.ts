import encodeQR from 'qr'

import { type Locale, translator } from '#platform/i18n.ts'
import type { Mail } from '#platform/mail.ts'
import { toMajor } from '#platform/money.ts'
import { type Page, toHtml, toText } from './mail-page.ts'

export type OrderMailKind =
  | 'order_paid'
  | 'money_returned'
  | 'session_moved'
  | 'session_cancelled'
  | 'hall_swapped'
  | 'tickets_exchanged'
  | 'session_reminder'

export type MailTicket = {
  title: string
  starts_at: string
  timezone: string
  cinema: string
  address: string
  hall: string
  seat_row: string
  seat_number: number
  seat_type: string
  type_name?: string | null
  booking_reference: string
  qr_code: string | null
  /** Of a ticket whose hall was swapped: the seat it was for, and that there is none for it now. */
  was?: { hall: string; seat_row: string; seat_number: number; seat_type: string }
  is_returned?: boolean
}
export type OrderMail = {
  id: number
  reference: string
  locale: Locale
  currency: string
  total_minor: number
  /** Where the order can be seen and given back. */
  link: string
  /** Of a session that was moved: when it was to start. */
  moved_from?: string
  /** Of a session that was moved or swapped: what its staff say to its holders. */
  notice?: string | null
  /** Of a swapped hall: what goes back for lesser seats and for those that there are none for. */
  returned_minor?: number
  /** Of tickets that were exchanged: the reference of the order of the new ones. */
  other_reference?: string
  tickets: MailTicket[]
}

const QR_SCALE = 6
const WITH_CODES = new Set<OrderMailKind>(['order_paid', 'session_moved', 'hall_swapped', 'session_reminder'])

const formatters = (locale: Locale, currency: string) => ({
  money: (minor: number) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(toMajor(minor)),
  time: ({ starts_at, timezone: timeZone }: MailTicket) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(new Date(starts_at)),
})

/** A mail about an order in the buyer's language; paid tickets carry their QR codes as pictures. */
export const writeOrderMail = (kind: OrderMailKind, order: OrderMail): Omit<Mail, 'to' | 'message_id'> => {
  const t = translator(order.locale)
  const { money, time } = formatters(order.locale, order.currency)
  const [first] = order.tickets
  const values = {
    reference: order.reference,
    other: order.other_reference ?? '',
    total: money(order.total_minor),
    count: order.tickets.length,
    title: first?.title ?? '',
    now: first ? time(first) : '',
    was: first && order.moved_from ? time({ ...first, starts_at: order.moved_from }) : '',
  }
  const returned = order.returned_minor ? money(order.returned_minor) : ''
  const withCodes = WITH_CODES.has(kind)
  const seatOf = (seat: NonNullable<MailTicket['was']>) =>
    t('mail.seat', {
      hall: seat.hall,
      row: seat.seat_row,
      seat: seat.seat_number,
      type: t(`seat_type.${seat.seat_type}`),
    })
  const tickets = order.tickets.map((ticket) => ({
    ticket,
    cid: withCodes && ticket.qr_code && !ticket.is_returned ? `${ticket.booking_reference}@marquee` : undefined,
    lines: [
      ticket.title,
      time(ticket),
      `${ticket.cinema}, ${ticket.address}`,
      ...(ticket.is_returned
        ? [t('mail.hall_swapped.no_seat')]
        : [[seatOf(ticket), ...(ticket.type_name ? [ticket.type_name] : [])].join(', ')]),
      ...(ticket.was ? [t('mail.hall_swapped.was', { seat: seatOf(ticket.was) })] : []),
      t('mail.booking_reference', { reference: ticket.booking_reference }),
    ],
  }))
  const page: Page = {
    heading: t(`mail.${kind}.heading`, values),
    intro: [t(`mail.${kind}.intro`, values), ...(returned === '' ? [] : [t('mail.hall_swapped.refund', { returned })])].join(' '),
    ...(order.notice && { notice: `${t('mail.notice')} ${order.notice}` }),
    tickets,
    outro: t(`mail.${kind}.outro`, values),
    link: { label: t('mail.order_link'), url: order.link },
  }
  return {
    subject: t(`mail.${kind}.subject`, values),
    text: toText(page),
    html: toHtml(page, order.locale),
    attachments: tickets.flatMap(({ ticket, cid }) =>
      cid && ticket.qr_code
        ? [
            {
              filename: `${ticket.booking_reference}.gif`,
              content: Buffer.from(encodeQR(ticket.qr_code, 'gif', { ecc: 'medium', scale: QR_SCALE })),
              contentType: 'image/gif',
              cid,
            },
          ]
        : [],
    ),
  }
}
