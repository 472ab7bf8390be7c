import type { FastifyInstance } from 'fastify'

import { checkoutDeskRouter } from '#modules/checkout/desk.router.ts'
import { exchangeShapes } from '#modules/checkout/exchange.schemas.ts'
import { checkoutOrdersRouter } from '#modules/checkout/orders.router.ts'
import { checkoutShapes } from '#modules/checkout/schemas.ts'
import type { CheckoutService } from '#modules/checkout/service.ts'
import { orderPapersRouter, receiptPapersRouter } from '#modules/papers/router.ts'
import type { PapersService } from '#modules/papers/service.ts'
import { paymentsShapes } from '#modules/payments/schemas.ts'
import { receiptsRouter } from '#modules/receipts/router.ts'
import { receiptsShapes } from '#modules/receipts/schemas.ts'
import type { ReceiptsService } from '#modules/receipts/service.ts'

export type MoneyServices = { receipts: ReceiptsService }

export const moneyShapes: object[] = [...paymentsShapes, ...checkoutShapes, ...exchangeShapes, ...receiptsShapes]

type All = MoneyServices & { checkout: CheckoutService; papers: PapersService }

/** Orders, money that goes back, and the papers about both. */
export const registerMoney = async (api: FastifyInstance, { checkout, receipts, papers }: All): Promise<void> => {
  await api.register(checkoutOrdersRouter, { prefix: '/orders', checkout })
  await api.register(orderPapersRouter, { prefix: '/orders', papers })
  await api.register(checkoutDeskRouter, { checkout })
  await api.register(receiptsRouter, { receipts })
  await api.register(receiptPapersRouter, { prefix: '/receipts', papers })
}
