import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { CheckoutService } from '#modules/checkout/service.ts'
import { holderOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { attemptOf, IdempotencyHeaders } from '#platform/idempotency.ts'
import { Exchange, ExchangeAsk, ExchangeCreate, ExchangeQuote } from './exchange.schemas.ts'

const tags = ['orders']
const config = { access: 'holder', reach: 'own or tickets.manage' } as const

/** Stands under /orders. */
export const exchangesRouter: FastifyPluginAsyncTypebox<{ checkout: CheckoutService }> = async (app, { checkout }) => {
  app.post('/:id/exchange-quote', {
    config,
    schema: {
      tags,
      summary: 'What other seats would cost for some of the tickets of a paid order',
      params: IdParams,
      body: ref(ExchangeAsk),
      response: { 200: ref(ExchangeQuote), ...problems(401, 404, 409, 422) },
    },
    handler: (request) => checkout.exchange.quote(holderOf(request), request.params.id, request.body),
  })

  app.post('/:id/exchanges', {
    config,
    schema: {
      tags,
      headers: IdempotencyHeaders,
      summary: 'Exchange tickets for other seats of the same cinema',
      description:
        'Cheaper or equal: done at once, and the difference goes back. Dearer: the answer holds the new seats in an order of their own, and paying what is due does it.',
      params: IdParams,
      body: ref(ExchangeCreate),
      response: { 201: ref(Exchange), ...problems(401, 404, 409, 422, 503) },
    },
    handler: async (request, reply) =>
      reply
        .code(201)
        .send(await checkout.exchange.create(holderOf(request), request.params.id, request.body, attemptOf(request))),
  })
}
