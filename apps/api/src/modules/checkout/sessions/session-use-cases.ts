import type { Parts } from '#modules/checkout/pay/parts.ts'
import type { DoorRules } from '#modules/checkout/pay/settle.ts'
import type { BenefitSteps } from '#modules/checkout/reductions/benefit-steps.ts'
import type { Reprice } from '#modules/checkout/reserve/reprice.ts'
import type { GiveBack } from '#modules/checkout/return/give-back.ts'
import type { Returning } from '#modules/checkout/return/returning.ts'
import type { HallsService } from '#modules/halls/service.ts'
import type { NotificationsService } from '#modules/notifications/service.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { SignTicket, TicketsService } from '#modules/tickets/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Log } from '#platform/log.ts'
import { createDropHolds } from './drop-holds.ts'
import { createHallSwap } from './hall-swap.ts'
import { createRemind, type ReminderRules } from './remind.ts'
import { createSessionCancel } from './session-cancel.ts'
import { createSessionCancelWork } from './session-cancel.work.ts'
import { createSessionChange } from './session-change.ts'
import { createSessionPreview } from './session-preview.ts'
import { createSessionResults } from './session-results.ts'

type Deps = {
  db: Db
  log: Log
  jobs: Jobs
  halls: HallsService
  sessions: SessionsService
  seats: SeatsService
  payments: PaymentsService
  orders: OrdersService
  tickets: TicketsService
  signTicket: SignTicket
  parts: Parts
  benefits: BenefitSteps
  giveBack: GiveBack
  reprice: Reprice
  returning: Returning
  notifications: NotificationsService
  rules: DoorRules & ReminderRules
}

/** What happens to a session that may have holders. */
export const createSessionUseCases = (deps: Deps) => {
  const dropHolds = createDropHolds(deps)
  const sessionCancel = createSessionCancel({ ...deps, dropHolds })
  const hallSwap = createHallSwap({ ...deps, dropHolds })
  return {
    changeSession: createSessionChange(deps),
    cancelSession: sessionCancel.cancel,
    deleteSession: sessionCancel.delete,
    cancellation: sessionCancel.progress,
    cancelledSessions: createSessionCancelWork(deps),
    cancelledOrders: createSessionResults({ ...deps, progress: sessionCancel.progress }),
    previewSession: createSessionPreview(deps),
    previewHallSwap: hallSwap.preview,
    swapHall: hallSwap.swap,
    remind: createRemind(deps),
  }
}
