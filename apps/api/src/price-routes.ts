import type { FastifyInstance } from 'fastify'

import { quoteShapes } from '#modules/checkout/reserve/quote.schemas.ts'
import { quotesRouter } from '#modules/checkout/reserve/quotes.router.ts'
import type { CheckoutService } from '#modules/checkout/service.ts'
import { pricingShapes } from '#modules/pricing/card.schemas.ts'
import { priceCardsRouter, priceRulesRouter, ticketTypesRouter } from '#modules/pricing/router.ts'
import type { PricingService } from '#modules/pricing/service.ts'

export type Prices = { pricing: PricingService; checkout: CheckoutService }

export const priceShapes: object[] = [...pricingShapes, ...quoteShapes]

/** Where it stands what things cost. */
export const registerPrices = async (api: FastifyInstance, { pricing, checkout }: Prices): Promise<void> => {
  await api.register(ticketTypesRouter, { prefix: '/ticket-types', pricing })
  await api.register(priceCardsRouter, { prefix: '/price-cards', pricing })
  await api.register(priceRulesRouter, { prefix: '/cinemas', pricing })
  await api.register(quotesRouter, { prefix: '/quotes', checkout })
}
