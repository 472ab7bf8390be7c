import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { CheckoutService } from '#modules/checkout/service.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { Quote, QuoteCreate } from './quote.schemas.ts'

export const quotesRouter: FastifyPluginAsyncTypebox<{ checkout: CheckoutService }> = async (app, { checkout }) => {
  app.post('', {
    config: { access: 'anyone', reach: 'any' },
    schema: {
      tags: ['prices'],
      summary: 'What seats would cost, with every fee; nothing is held',
      body: ref(QuoteCreate),
      response: { 200: ref(Quote), ...problems(400, 403, 404, 422) },
    },
    handler: (request) => checkout.quote(request.actor, request.body, request.ip),
  })
}
