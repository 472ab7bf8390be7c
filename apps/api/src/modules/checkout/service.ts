import { createSwap } from '#modules/checkout/exchange/exchange-swap.ts'
import { createCheckoutSession } from '#modules/checkout/pay/checkout-session.ts'
import { createClearPayment } from '#modules/checkout/pay/clear-payment.ts'
import { createDrive } from '#modules/checkout/pay/drive.ts'
import { createParts } from '#modules/checkout/pay/parts.ts'
import { createPay, type PayRules } from '#modules/checkout/pay/pay.ts'
import { createPaymentView } from '#modules/checkout/pay/payment-view.ts'
import { createPurchase } from '#modules/checkout/pay/purchase.ts'
import { createSettle, type DoorRules } from '#modules/checkout/pay/settle.ts'
import { createSweep } from '#modules/checkout/pay/sweep.ts'
import { createWebhook } from '#modules/checkout/pay/webhook.ts'
import { createAlarms } from '#modules/checkout/reconcile/alarms.ts'
import { createReconcile } from '#modules/checkout/reconcile/reconcile.ts'
import { createBenefitSteps } from '#modules/checkout/reductions/benefit-steps.ts'
import { createPromotionTry } from '#modules/checkout/reductions/promotion-try.ts'
import { createReductions } from '#modules/checkout/reductions/reductions.ts'
import { createAddSeats } from '#modules/checkout/reserve/add.ts'
import type { ExtendRules } from '#modules/checkout/reserve/extend.ts'
import { type CheckoutOffers, createOffers } from '#modules/checkout/reserve/offers.ts'
import { createQuote } from '#modules/checkout/reserve/quote.ts'
import { createReprice } from '#modules/checkout/reserve/reprice.ts'
import type { HoldRules } from '#modules/checkout/reserve/reservation.ts'
import { createReserve } from '#modules/checkout/reserve/reserve.ts'
import { createGiveBack } from '#modules/checkout/return/give-back.ts'
import { createRefund } from '#modules/checkout/return/refund.ts'
import { createReturning } from '#modules/checkout/return/returning.ts'
import type { ReminderRules } from '#modules/checkout/sessions/remind.ts'
import { createSessionUseCases } from '#modules/checkout/sessions/session-use-cases.ts'
import type { GuestsService } from '#modules/guests/service.ts'
import type { HallsService } from '#modules/halls/service.ts'
import type { LoyaltyService } from '#modules/loyalty/service.ts'
import type { NotificationsService } from '#modules/notifications/service.ts'
import type { OrdersService, SignOrderKey, VerifyOrderKey } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import type { PromotionsService } from '#modules/promotions/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { SignTicket } from '#modules/tickets/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { UsersService } from '#modules/users/service.ts'
import type { Clock } from '#platform/clock.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Pool } from '#platform/db/pool.ts'
import type { Origins } from '#platform/http/origins.ts'
import { type Attempt, findOutcome } from '#platform/idempotency.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Log } from '#platform/log.ts'
import type { Touch } from '#platform/realtime.ts'
import { createAdopt } from './adopt.ts'
import { createChangeUseCases } from './change-use-cases.ts'
import { createLockOwn, createLockPending } from './lock-pending.ts'
import { createOrderMail } from './order-mail.ts'
import { createOrderView, type OrderView } from './order-view.ts'

type Deps = {
  db: Db
  clock: Clock
  pool: Pool
  log: Log
  jobs: Jobs
  sessions: SessionsService
  halls: HallsService
  seats: SeatsService
  orders: OrdersService
  tickets: TicketsService
  promotions: PromotionsService
  loyalty: LoyaltyService
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
  rules: HoldRules & PayRules & ExtendRules & DoorRules & ReminderRules & Origins
}

/** What holds nothing and changes nothing. */
const createLooks = (deps: Deps, view: OrderView, offers: CheckoutOffers) => ({
  quote: createQuote({ ...deps, offers }),
  ticketIn: view.ticketIn,
  order: view.readFor,
  orderByReference: view.readByReference,
  listOrders: view.listFor,
  earlier: (attempt: Attempt | undefined) => attempt && findOutcome(deps.db, attempt),
})

/** The one place where seats, orders, tickets and money meet: each use case is a file, listed here. */
export const createCheckoutService = (deps: Deps) => {
  const view = createOrderView(deps)
  const [lockOwn, lockPending] = [createLockOwn(deps), createLockPending(deps)]
  const benefits = createBenefitSteps(deps)
  const reduce = createReductions(deps)
  const reprice = createReprice(reduce)
  const parts = createParts(deps)
  const returning = createReturning(deps)
  const giveBack = createGiveBack({ ...deps, benefits, returning })
  const settle = createSettle({ ...deps, swap: createSwap({ ...deps, giveBack }), parts, benefits })
  const drive = createDrive({ ...deps, settle })
  const refund = createRefund(deps)
  const pay = createPay({ ...deps, benefits, drive: drive.drive, view, lockOwn })
  const clearPayment = createClearPayment({ ...deps, drive, view })
  const offers = createOffers(deps)
  const reserve = createReserve({ ...deps, offers, view, add: createAddSeats({ ...deps, lockPending, clearPayment, reprice }) })
  const shared = { ...deps, view, lockOwn, lockPending, clearPayment, parts, returning, giveBack, settle, reduce, reprice }

  return {
    reserve,
    tryPromotion: createPromotionTry(deps),
    purchase: createPurchase({ ...deps, reserve, pay, view }),
    pay: pay.pay,
    ...createCheckoutSession({ ...deps, pay }),
    ...createChangeUseCases({ ...shared, benefits }),
    webhook: createWebhook({ ...deps, drive, refund }),
    ...createSessionUseCases({ ...deps, parts, benefits, giveBack, returning, reprice }),
    refund,
    orderMail: createOrderMail(deps),
    payments: createPaymentView({ ...deps, view }),
    alarms: createAlarms(deps),
    reconcile: createReconcile({ ...deps, drive, refund }),
    sweep: createSweep({ ...deps, parts, benefits, drive, refund }),
    adopt: createAdopt({ ...deps, benefits }),
    ...createLooks(deps, view, offers),
  }
}
export type CheckoutService = ReturnType<typeof createCheckoutService>
