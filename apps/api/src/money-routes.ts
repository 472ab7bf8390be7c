import type { FastifyInstance } from 'fastify'

import { exchangeShapes } from '#modules/checkout/exchange/exchange.schemas.ts'
import { checkoutOrdersRouter } from '#modules/checkout/orders.router.ts'
import { alarmsRouter } from '#modules/checkout/reconcile/alarms.router.ts'
import { alarmShapes } from '#modules/checkout/reconcile/alarms.schemas.ts'
import { checkoutDeskRouter } from '#modules/checkout/return/desk.router.ts'
import { checkoutShapes } from '#modules/checkout/schemas.ts'
import type { CheckoutService } from '#modules/checkout/service.ts'
import { orderPapersRouter, receiptPapersRouter } from '#modules/papers/router.ts'
import type { PapersService } from '#modules/papers/service.ts'
import { paymentsShapes } from '#modules/payments/schemas.ts'
import { receiptsRouter } from '#modules/receipts/router.ts'
import { receiptsShapes } from '#modules/receipts/schemas.ts'
import type { ReceiptsService } from '#modules/receipts/service.ts'
import { reportsRouter } from '#modules/reports/router.ts'
import { reportsShapes } from '#modules/reports/schemas.ts'
import type { ReportsService } from '#modules/reports/service.ts'
import { salesRouter } from '#modules/sales/router.ts'
import { salesShapes } from '#modules/sales/schemas.ts'
import type { SalesService } from '#modules/sales/service.ts'
import { statisticsShapes } from '#modules/statistics/schemas.ts'
import { benefitShapes, type Benefits, registerBenefits } from './benefits.ts'

export type MoneyServices = Benefits & { receipts: ReceiptsService; sales: SalesService; reports: ReportsService }

export const moneyShapes: object[] = [
  ...paymentsShapes,
  ...checkoutShapes,
  ...exchangeShapes,
  ...receiptsShapes,
  ...benefitShapes,
  ...alarmShapes,
  ...salesShapes,
  ...statisticsShapes,
  ...reportsShapes,
]

type All = MoneyServices & { checkout: CheckoutService; papers: PapersService }

/** Orders, money that goes back, the papers about both, and what staff see of the money. */
export const registerMoney = async (api: FastifyInstance, deps: All): Promise<void> => {
  const { checkout, receipts, papers } = deps
  await api.register(checkoutOrdersRouter, { prefix: '/orders', checkout })
  await api.register(orderPapersRouter, { prefix: '/orders', papers })
  await api.register(checkoutDeskRouter, { checkout })
  await api.register(receiptsRouter, { receipts })
  await api.register(receiptPapersRouter, { prefix: '/receipts', papers })
  await registerBenefits(api, deps)
  await api.register(salesRouter, { prefix: '/admin', sales: deps.sales })
  await api.register(alarmsRouter, { prefix: '/admin/payment-alarms', checkout })
  await api.register(reportsRouter, { prefix: '/reports', reports: deps.reports })
}
