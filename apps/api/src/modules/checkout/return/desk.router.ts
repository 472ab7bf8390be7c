import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { CheckoutService } from '#modules/checkout/service.ts'
import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Refund, RefundList, RefundQuery } from './refund.schemas.ts'

/** What staff see and do of money that goes back. */
export const checkoutDeskRouter: FastifyPluginAsyncTypebox<{ checkout: CheckoutService }> = async (app, { checkout }) => {
  app.get('/admin/refunds', {
    config: { access: 'refunds.manage' },
    schema: {
      tags: ['admin'],
      summary: 'Refunds of the cinemas where I work, newest first',
      querystring: RefundQuery,
      response: { 200: ref(RefundList), ...problems(401, 403, 422) },
    },
    handler: (request) => checkout.refunds.list(userOf(request), request.query),
  })

  app.post('/refunds/:id/retry', {
    config: { access: 'refunds.manage' },
    schema: {
      tags: ['payments'],
      summary: 'Try again a refund that the provider refused',
      description: '`refunds.room_taken`: later refunds have had the money of its payment, so it has to be given in another way.',
      params: IdParams,
      response: { 200: ref(Refund), ...problems(401, 403, 404, 409, 422, 503) },
    },
    handler: (request) => checkout.refunds.retry(userOf(request), request.params.id),
  })
}
