import type { GuestsService } from '#modules/guests/service.ts'
import type { HallsService } from '#modules/halls/service.ts'
import type { NotificationsService } from '#modules/notifications/service.ts'
import type { OrdersService, SignOrderKey, VerifyOrderKey } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { SignTicket } from '#modules/tickets/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { UsersService } from '#modules/users/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Pool } from '#platform/db/pool.ts'
import { type Attempt, findOutcome } from '#platform/idempotency.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Log } from '#platform/log.ts'
import type { Touch } from '#platform/realtime.ts'
import { createAddSeats } from './add.ts'
import { createAdopt } from './adopt.ts'
import { createAlarms } from './alarms.ts'
import { createChangeTicket } from './change-seat.ts'
import { createClearPayment } from './clear-payment.ts'
import { createDrive } from './drive.ts'
import { createSwap } from './exchange-swap.ts'
import { createExtend, type ExtendRules } from './extend.ts'
import { createGiveBack } from './give-back.ts'
import { createLockOwn, createLockPending } from './lock-pending.ts'
import { createOrderMail } from './order-mail.ts'
import { createOrderView } from './order-view.ts'
import { createParts } from './parts.ts'
import { createPay, type PayRules } from './pay.ts'
import { createPaymentView } from './payment-view.ts'
import { createPurchase } from './purchase.ts'
import { createQuote } from './quote.ts'
import { createReconcile } from './reconcile.ts'
import { createRefund } from './refund.ts'
import type { HoldRules } from './reservation.ts'
import { createReserve } from './reserve.ts'
import { createReturnUseCases } from './return-use-cases.ts'
import { createReturning } from './returning.ts'
import { createSessionUseCases } from './session-use-cases.ts'
import { createSettle, type DoorRules } from './settle.ts'
import { createSweep } from './sweep.ts'
import { createWebhook } from './webhook.ts'

type Deps = {
  db: Db
  pool: Pool
  log: Log
  jobs: Jobs
  sessions: SessionsService
  halls: HallsService
  seats: SeatsService
  orders: OrdersService
  tickets: TicketsService
  pricing: PricingService
  payments: PaymentsService
  notifications: NotificationsService
  users: UsersService
  guests: GuestsService
  signTicket: SignTicket
  touch: Touch
  signOrderKey: SignOrderKey
  orderByKey: VerifyOrderKey
  publicUrl: string
  rules: HoldRules & PayRules & ExtendRules & DoorRules
}

/** The one place where seats, orders, tickets and money meet: each use case is a file, listed here. */
export const createCheckoutService = (deps: Deps) => {
  const { db } = deps
  const view = createOrderView(deps)
  const lockOwn = createLockOwn(deps)
  const lockPending = createLockPending(deps)
  const parts = createParts(deps)
  const returning = createReturning(deps.rules)
  const giveBack = createGiveBack({ ...deps, returning })
  const swap = createSwap({ ...deps, giveBack })
  const settle = createSettle({ ...deps, swap, parts })
  const drive = createDrive({ ...deps, settle })
  const refund = createRefund(deps)
  const pay = createPay({ ...deps, drive: drive.drive, view, lockOwn })
  const clearPayment = createClearPayment({ ...deps, drive })
  const add = createAddSeats({ ...deps, lockPending })
  const reserve = createReserve({ ...deps, view, add })

  return {
    reserve,
    quote: createQuote(deps),
    purchase: createPurchase({ ...deps, reserve, pay, view }),
    pay: pay.pay,
    ...createReturnUseCases({ ...deps, parts, view, lockOwn, clearPayment, giveBack, returning, settle }),
    changeTicket: createChangeTicket({ ...deps, view, lockPending }),
    extend: createExtend({ ...deps, view, lockPending }),
    webhook: createWebhook({ ...deps, drive, refund }),
    ...createSessionUseCases({ ...deps, parts, giveBack, returning }),
    refund,
    orderMail: createOrderMail(deps),
    payments: createPaymentView({ ...deps, view }),
    alarms: createAlarms(deps),
    reconcile: createReconcile({ ...deps, drive, refund }),
    sweep: createSweep({ ...deps, parts, drive, refund }),
    ticketIn: view.ticketIn,
    order: view.readFor,
    orderByReference: view.readByReference,
    adopt: createAdopt(deps),
    listOrders: view.listFor,
    earlier: (attempt: Attempt | undefined) => attempt && findOutcome(db, attempt),
  }
}
export type CheckoutService = ReturnType<typeof createCheckoutService>
