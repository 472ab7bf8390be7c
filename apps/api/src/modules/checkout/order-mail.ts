import type { NotificationsService } from '#modules/notifications/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { JobMap } from '#platform/jobs.ts'
import { readOrderFacts } from './mail.statement.ts'

type Deps = { db: Db; notifications: NotificationsService }

/** Tells the buyer what became of their order; an order without an address has nobody to tell. */
export const createOrderMail =
  ({ db, notifications }: Deps) =>
  async (job: JobMap['mail.order']): Promise<void> => {
    const facts = await readOrderFacts(db, job.order_id)
    if (!facts?.recipient) return
    // Canceled before the mail left: there is no ticket to confirm.
    if (job.kind === 'order_paid' && facts.tickets.length === 0) return
    const occasion = job.kind === 'money_returned' ? `${job.kind}.${job.payment_id}` : job.kind
    await notifications.sendOrderMail({ kind: job.kind, occasion, recipient: facts.recipient, order: facts })
  }
