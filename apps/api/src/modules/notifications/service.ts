import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Mail, Mailer } from '#platform/mail.ts'
import { createAccountMail } from './account-mail.ts'
import { type OrderMail, type OrderMailKind, writeOrderMail } from './order-mail.ts'

export type { OrderMail } from './order-mail.ts'

/** `occasion` names the mail within its order; the same occasion is told once. */
type OrderMailRequest = { kind: OrderMailKind; occasion: string; recipient: string; order: OrderMail }
/** What a mail about an order carries beside its text: tickets to print, dates for the calendar. */
type Enclose = (orderId: number) => Promise<NonNullable<Mail['attachments']>>
type Deps = { db: Db; mailer: Mailer; publicUrl: string; enclose: Enclose } & Parameters<typeof createAccountMail>[0]

type Noted = { order_id: number; kind: string; recipient: string }

export const createNotificationsService = ({ db, mailer, publicUrl, enclose, ...deps }: Deps) => {
  const host = new URL(publicUrl).hostname

  /** Says which of these mails nobody has noted before. */
  const note = async (tx: Db, mails: Noted[]): Promise<Set<string>> => {
    if (mails.length === 0) return new Set()
    const rows = await tx
      .insertInto('mail_log')
      .values(mails.map((mail) => ({ ...mail, message_id: `<${mail.kind}.${mail.order_id}@${host}>` })))
      .onConflict((conflict) => conflict.doNothing())
      .returning(['order_id', 'kind'])
      .execute()
    return new Set(rows.map(({ order_id, kind }) => `${order_id} ${kind}`))
  }

  /** One row for each order and occasion: the row is there before the mail leaves, and says when it has. */
  const openLog = async (order_id: number, kind: string, recipient: string) => {
    await note(db, [{ order_id, kind, recipient }])
    return db
      .selectFrom('mail_log')
      .select(['id', 'sent_at', 'message_id', 'recipient'])
      .where('order_id', '=', order_id)
      .where('kind', '=', kind)
      .executeTakeFirstOrThrow()
  }

  return {
    note,
    sendAccountMail: createAccountMail({ mailer, publicUrl, ...deps }),
    /**
     * Sends a mail about an order, once. A crash between sending and noting it sends it again with the same
     * Message-ID, by which mail programs know it.
     */
    sendOrderMail: async ({ kind, occasion, recipient, order }: OrderMailRequest): Promise<void> => {
      const log = await openLog(order.id, occasion, recipient)
      if (log.sent_at) return
      const { attachments = [], ...mail } = writeOrderMail(kind, order)
      const enclosed = kind === 'money_returned' ? [] : await enclose(order.id)
      const letter = { ...mail, attachments: [...attachments, ...enclosed] }
      await mailer.send({ ...letter, to: log.recipient, message_id: log.message_id })
      await db
        .updateTable('mail_log')
        .set({ sent_at: sql<Date>`app.now()` })
        .where('id', '=', log.id)
        .execute()
    },
  }
}
export type NotificationsService = ReturnType<typeof createNotificationsService>
