import type { AuditService } from '#modules/audit/service.ts'
import type { AccountsService } from '#modules/auth/accounts/accounts.ts'
import type { Passkeys } from '#modules/auth/factors/passkeys.ts'
import type { CheckoutService } from '#modules/checkout/service.ts'
import type { EventsService } from '#modules/events/service.ts'
import type { GuestsService } from '#modules/guests/service.ts'
import type { LoyaltyService } from '#modules/loyalty/service.ts'
import type { NotificationsService } from '#modules/notifications/service.ts'
import type { PrivacyService } from '#modules/privacy/service.ts'
import type { ReceiptsService } from '#modules/receipts/service.ts'
import type { ReportsService } from '#modules/reports/service.ts'
import type { SearchService } from '#modules/search/service.ts'
import type { StatisticsService } from '#modules/statistics/service.ts'
import type { ProfilesService } from '#modules/users/profile.ts'
import type { Config } from '#platform/config.ts'
import type { Db } from '#platform/db/kysely.ts'
import { forgetOldKeys } from '#platform/idempotency.ts'
import type { Jobs } from '#platform/jobs.ts'

type Deps = {
  config: Pick<Config, 'SWEEP_SECONDS'>
  db: Db
  jobs: Jobs
  passkeys: Pick<Passkeys, 'forgetChallenges'>
  accounts: AccountsService
  profiles: Pick<ProfilesService, 'removeFile'>
  notifications: NotificationsService
  checkout: CheckoutService
  loyalty: Pick<LoyaltyService, 'expire'>
  receipts: Pick<ReceiptsService, 'issueDue'>
  reports: ReportsService
  search: SearchService
  events: Pick<EventsService, 'foldTexts'>
  statistics: StatisticsService
  guests: GuestsService
  audit: AuditService
  privacy: Pick<PrivacyService, 'forgetContacts'>
}

const KEYS_SWEEP_SECONDS = 3600
const SEARCH_SWEEP_SECONDS = 60
const REFUNDS_SWEEP_SECONDS = 300
/** How often it is looked whether a day has passed, or a dead process left a comparison half done. */
const RECONCILE_SECONDS = 600
const CANCELLATIONS_SWEEP_SECONDS = 60
const REMINDERS_SWEEP_SECONDS = 60
const ROLL_UP_SECONDS = 10
const REPORTS_SWEEP_SECONDS = 3600
const SEAL_SECONDS = 10
const GUESTS_SWEEP_SECONDS = 3600
const CHALLENGES_SWEEP_SECONDS = 600
const ACCOUNTS_SWEEP_SECONDS = 3600
const CONTACTS_SWEEP_SECONDS = 86_400
const POINTS_SWEEP_SECONDS = 3600

/** Who does which job, and what is looked after again and again. */
export const assignDuties = (deps: Deps): void => {
  const { config, db, jobs, passkeys, accounts, profiles, notifications, checkout, reports, search, statistics, guests } = deps
  const { audit, loyalty, privacy } = deps
  jobs.handle('mail.order', checkout.orderMail)
  jobs.handle('mail.account', notifications.sendAccountMail)
  jobs.handle('accounts.link', accounts.sendLink)
  jobs.handle('media.remove', profiles.removeFile)
  jobs.handle('payments.refund', checkout.refund)
  jobs.handle('sessions.cancel', async ({ session_id }) => void (await checkout.cancelledSessions.run(session_id)))
  jobs.handle('reports.make', reports.make)
  jobs.every(config.SWEEP_SECONDS, 'expire orders', checkout.sweep.expire)
  jobs.every(config.SWEEP_SECONDS, 'complete payments', checkout.sweep.complete)
  jobs.every(config.SWEEP_SECONDS, 'reap payments', checkout.sweep.reap)
  jobs.every(config.SWEEP_SECONDS, 'issue receipts', deps.receipts.issueDue)
  jobs.every(REFUNDS_SWEEP_SECONDS, 'retry forgotten refunds', checkout.sweep.refunds)
  jobs.every(RECONCILE_SECONDS, 'compare the books', () => checkout.reconcile.run())
  jobs.every(SEARCH_SWEEP_SECONDS, 'fill the search', search.fill)
  jobs.every(SEARCH_SWEEP_SECONDS, 'fold texts of events', deps.events.foldTexts)
  jobs.every(CANCELLATIONS_SWEEP_SECONDS, 'empty cancelled sessions', checkout.cancelledSessions.resume)
  jobs.every(REMINDERS_SWEEP_SECONDS, 'remind of sessions', checkout.remind)
  jobs.every(ROLL_UP_SECONDS, 'count sales', statistics.rollUp)
  jobs.every(REPORTS_SWEEP_SECONDS, 'make forgotten reports', reports.makeForgotten)
  jobs.every(REPORTS_SWEEP_SECONDS, 'delete old reports', reports.deleteOld)
  jobs.every(KEYS_SWEEP_SECONDS, 'forget old idempotency keys', () => forgetOldKeys(db))
  jobs.every(CHALLENGES_SWEEP_SECONDS, 'forget challenges', passkeys.forgetChallenges)
  jobs.every(ACCOUNTS_SWEEP_SECONDS, 'forget expired tokens', accounts.forgetExpired)
  jobs.every(SEAL_SECONDS, 'seal the audit log', audit.seal)
  jobs.every(GUESTS_SWEEP_SECONDS, 'forget idle guests', guests.forgetIdle)
  jobs.every(POINTS_SWEEP_SECONDS, 'take points that nobody spent in time', loyalty.expire)
  jobs.every(CONTACTS_SWEEP_SECONDS, 'forget old addresses', privacy.forgetContacts)
}
