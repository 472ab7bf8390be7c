import type { FastifyInstance } from 'fastify'

import { checkoutPromotionsRouter, checkoutReductionsRouter } from '#modules/checkout/reductions/reductions.router.ts'
import { reductionShapes } from '#modules/checkout/reductions/reductions.schemas.ts'
import type { CheckoutService } from '#modules/checkout/service.ts'
import { loyaltyRouter } from '#modules/loyalty/router.ts'
import { readTier } from '#modules/loyalty/rules.ts'
import { loyaltyShapes } from '#modules/loyalty/schemas.ts'
import { createLoyaltyService, type LoyaltyService } from '#modules/loyalty/service.ts'
import { promotionsRouter } from '#modules/promotions/router.ts'
import { promotionsShapes } from '#modules/promotions/schemas.ts'
import { createPromotionsService, type PromotionsService } from '#modules/promotions/service.ts'
import type { Clock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import type { Db } from '#platform/db/kysely.ts'

export type Benefits = { promotions: PromotionsService; loyalty: LoyaltyService }

/** What makes an order cheaper than its seats. */
export const createBenefits = ({ config, db, clock }: { config: Config; db: Db; clock: Clock }): Benefits => {
  const currency = config.PLATFORM_CURRENCY
  const terms = {
    tiers: config.LOYALTY_TIERS.map(readTier),
    point_minor: config.LOYALTY_POINT_VALUE * 100,
    cap_basis_points: config.LOYALTY_CAP_PERCENT * 100,
  }
  return {
    promotions: createPromotionsService({
      db,
      clock,
      currency,
      isThrottled: config.AUTH_THROTTLE,
      early: { days_ahead: config.EARLY_BIRD_DAYS },
    }),
    loyalty: createLoyaltyService({ db, currency, terms, days: config.LOYALTY_POINTS_DAYS }),
  }
}

export const benefitShapes: object[] = [...promotionsShapes, ...loyaltyShapes, ...reductionShapes]

export const registerBenefits = async (
  api: FastifyInstance,
  { promotions, loyalty, checkout }: Benefits & { checkout: CheckoutService },
): Promise<void> => {
  await api.register(promotionsRouter, { prefix: '/promotions', promotions })
  await api.register(loyaltyRouter, { prefix: '/loyalty', loyalty })
  await api.register(checkoutPromotionsRouter, { prefix: '/promotions', checkout })
  await api.register(checkoutReductionsRouter, { prefix: '/orders', checkout })
}
