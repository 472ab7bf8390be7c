import type { FastifyInstance } from 'fastify'

import { alarmsRouter } from '#modules/checkout/alarms.router.ts'
import { alarmShapes } from '#modules/checkout/alarms.schemas.ts'
import { exchangeShapes } from '#modules/checkout/exchange.schemas.ts'
import type { CheckoutService } from '#modules/checkout/service.ts'
import { paymentsShapes } from '#modules/payments/schemas.ts'
import { reportsRouter } from '#modules/reports/router.ts'
import { reportsShapes } from '#modules/reports/schemas.ts'
import type { ReportsService } from '#modules/reports/service.ts'
import { salesRouter } from '#modules/sales/router.ts'
import { salesShapes } from '#modules/sales/schemas.ts'
import type { SalesService } from '#modules/sales/service.ts'
import { statisticsShapes } from '#modules/statistics/schemas.ts'

export const moneyShapes = [
  ...paymentsShapes,
  ...exchangeShapes,
  ...alarmShapes,
  ...salesShapes,
  ...statisticsShapes,
  ...reportsShapes,
]

export type Money = { checkout: CheckoutService; sales: SalesService; reports: ReportsService }

/** What staff see of the money. */
export const registerMoney = async (api: FastifyInstance, deps: Money) => {
  await api.register(salesRouter, { prefix: '/admin', sales: deps.sales })
  await api.register(alarmsRouter, { prefix: '/admin/payment-alarms', checkout: deps.checkout })
  await api.register(reportsRouter, { prefix: '/reports', reports: deps.reports })
}
