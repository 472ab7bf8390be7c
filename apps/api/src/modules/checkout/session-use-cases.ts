import type { OrdersService } from '#modules/orders/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { SignTicket, TicketsService } from '#modules/tickets/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Log } from '#platform/log.ts'
import type { GiveBack } from './give-back.ts'
import type { Parts } from './parts.ts'
import type { Reprice } from './reprice.ts'
import { createSessionCancel } from './session-cancel.ts'
import { createSessionCancelWork } from './session-cancel.work.ts'
import { createSessionChange } from './session-change.ts'
import type { DoorRules } from './settle.ts'

type Deps = {
  db: Db
  log: Log
  jobs: Jobs
  sessions: SessionsService
  orders: OrdersService
  tickets: TicketsService
  signTicket: SignTicket
  parts: Parts
  giveBack: GiveBack
  reprice: Reprice
  rules: DoorRules
}

/** What happens to a session that may have holders. */
export const createSessionUseCases = (deps: Deps) => {
  const sessionCancel = createSessionCancel(deps)
  return {
    changeSession: createSessionChange(deps),
    cancelSession: sessionCancel.cancel,
    deleteSession: sessionCancel.delete,
    cancellation: sessionCancel.progress,
    cancelledSessions: createSessionCancelWork(deps),
  }
}
