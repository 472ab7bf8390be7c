import type { NotificationsService } from '#modules/notifications/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import { findReminders } from './reminders.statement.ts'

export type ReminderRules = { REMINDER_MINUTES: number }
type Deps = { db: Db; jobs: Jobs; notifications: Pick<NotificationsService, 'note'>; rules: ReminderRules }

const BATCH = 500

/** Tells those who bought earlier that their session starts soon, each once, whichever process looks first. */
export const createRemind = ({ db, jobs, notifications, rules }: Deps) => {
  const batch = () =>
    transaction(db, async (tx) => {
      const due = await findReminders(tx, rules.REMINDER_MINUTES, BATCH)
      const noted = await notifications.note(
        tx,
        due.map(({ order_id, occasion: kind, recipient }) => ({ order_id, kind, recipient })),
      )
      const fresh = due.filter(({ order_id, occasion }) => noted.has(`${order_id} ${occasion}`))
      await jobs.sendMany(
        tx,
        'mail.order',
        fresh.map(({ order_id, session_id, occasion }) => ({ order_id, kind: 'session_reminder', session_id, occasion })),
      )
      return due.length
    })

  return async (): Promise<void> => {
    if (rules.REMINDER_MINUTES === 0) return
    while ((await batch()) === BATCH);
  }
}
