import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { Order } from '#modules/checkout/schemas.ts'
import type { CheckoutService } from '#modules/checkout/service.ts'
import { buyerOf, userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { PointsPut, PromoCodePut, PromotionTry, PromotionTryQuery } from './reductions.schemas.ts'

type Plugin = FastifyPluginAsyncTypebox<{ checkout: CheckoutService }>

const answers = { params: IdParams, response: { 200: ref(Order), ...problems(400, 401, 403, 404, 409, 422, 429, 503) } }
const code = { access: 'buyer', reach: 'own or tickets.manage' } as const
const points = { access: 'user', reach: 'own' } as const

/** What makes a pending order cheaper, under /orders. */
export const checkoutReductionsRouter: Plugin = async (app, { checkout }) => {
  const tags = ['orders']

  app.put('/:id/promo-code', {
    config: code,
    schema: {
      tags,
      summary: 'Lower a pending order by a code',
      description: '409 says why a code takes nothing off: `promotions.over`, `promotions.minimum_not_reached` and so on.',
      body: ref(PromoCodePut),
      ...answers,
    },
    handler: (request) => checkout.putCode(buyerOf(request), request.params.id, request.body),
  })

  app.delete('/:id/promo-code', {
    config: code,
    schema: { tags, summary: 'Take the code out of a pending order', ...answers },
    handler: (request) => checkout.removeCode(buyerOf(request), request.params.id),
  })

  app.put('/:id/points', {
    config: points,
    schema: { tags, summary: 'Pay a part of a pending order with my points', body: ref(PointsPut), ...answers },
    handler: (request) => checkout.putPoints(userOf(request), request.params.id, request.body.points),
  })

  app.delete('/:id/points', {
    config: points,
    schema: { tags, summary: 'Pay no part of a pending order with points', ...answers },
    handler: (request) => checkout.putPoints(userOf(request), request.params.id, 0),
  })
}

/** Under /promotions. */
export const checkoutPromotionsRouter: Plugin = async (app, { checkout }) => {
  app.get('/:id/dry-run', {
    config: { access: 'promotions.write' },
    schema: {
      tags: ['promotions'],
      summary: 'What a promotion would have taken off orders that were paid lately, and whose',
      description:
        'By itself, without others and without its limits, at the moment when each order was made. Nothing is written.',
      params: IdParams,
      querystring: PromotionTryQuery,
      response: { 200: ref(PromotionTry), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => checkout.tryPromotion(userOf(request), request.params.id, request.query),
  })
}
