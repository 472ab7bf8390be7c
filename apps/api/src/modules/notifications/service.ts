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

export const createNotificationsService = ({ db, mailer, publicUrl, enclose, ...deps }: Deps) => {
  const host = new URL(publicUrl).hostname

  /** One row for each order and occasion: the row is there before the mail leaves, and says when it has. */
  const openLog = async (order_id: number, kind: string, recipient: string) => {
    const message_id = `<${kind}.${order_id}@${host}>`
    await db
      .insertInto('mail_log')
      .values({ order_id, kind, recipient, message_id })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return db
      .selectFrom('mail_log')
      .select(['id', 'sent_at', 'message_id', 'recipient'])
      .where('order_id', '=', order_id)
      .where('kind', '=', kind)
      .executeTakeFirstOrThrow()
  }

  return {
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
