import type { NotificationsService } from '#modules/notifications/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { JobMap } from '#platform/jobs.ts'
import { readOrderFacts } from './mail.statement.ts'

type Deps = { db: Db; notifications: NotificationsService }

/** Tells the buyer what became of their order; an order without an address has nobody to tell. */
export const createOrderMail =
  ({ db, notifications }: Deps) =>
  async ({ order_id, kind }: JobMap['mail.order']): Promise<void> => {
    const facts = await readOrderFacts(db, order_id)
    if (!facts?.recipient) return
    await notifications.sendOrderMail(kind, facts.recipient, facts)
  }
