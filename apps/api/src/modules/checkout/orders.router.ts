import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { exchangesRouter } from '#modules/checkout/exchange/exchanges.router.ts'
import { CancellationAsk, CancellationQuote, OrderCancel } from '#modules/checkout/return/cancel.schemas.ts'
import { buyerOf, holderOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { attemptOf, IdempotencyHeaders } from '#platform/idempotency.ts'
import { Order, OrderCanceled, OrderList, OrderPay, OrderQuery, Payment, ReferenceParams } from './schemas.ts'
import type { CheckoutService } from './service.ts'

const tags = ['orders']
const headers = IdempotencyHeaders

export const checkoutOrdersRouter: FastifyPluginAsyncTypebox<{ checkout: CheckoutService }> = async (app, { checkout }) => {
  app.get('', {
    config: { access: 'buyer' },
    schema: {
      tags,
      summary: 'My orders, newest first',
      querystring: OrderQuery,
      response: { 200: ref(OrderList), ...problems(401, 422) },
    },
    handler: (request) => checkout.listOrders(buyerOf(request), request.query),
  })

  app.get('/by-reference/:reference', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: {
      tags,
      summary: 'An order by its reference, as links name it',
      params: ReferenceParams,
      response: { 200: ref(Order), ...problems(401, 404, 422) },
    },
    handler: (request) => checkout.orderByReference(holderOf(request), request.params.reference),
  })

  app.get('/:id', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: {
      tags,
      summary: 'An order with its items, tickets and payments',
      params: IdParams,
      response: { 200: ref(Order), ...problems(401, 404, 422) },
    },
    handler: (request) => checkout.order(holderOf(request), request.params.id),
  })

  app.post('/:id/pay', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: {
      tags,
      headers,
      summary: 'Pay an order',
      description: 'The key of an order pays what is due for an exchange that was made with a key, and nothing else.',
      params: IdParams,
      body: ref(OrderPay),
      response: { 201: ref(Payment), ...problems(400, 401, 402, 403, 404, 409, 422, 503) },
    },
    handler: async (request, reply) => {
      const { payment_method: method, ...rest } = request.body
      return reply
        .code(201)
        .send(await checkout.pay(holderOf(request), request.params.id, { method, ...rest }, attemptOf(request)))
    },
  })

  app.post('/:id/extend', {
    config: { access: 'buyer', reach: 'own or tickets.manage' },
    schema: {
      tags,
      headers,
      summary: 'Hold the seats a little longer, once',
      params: IdParams,
      response: { 200: ref(Order), ...problems(401, 404, 409, 422, 503) },
    },
    handler: (request) => checkout.extend(buyerOf(request), request.params.id, attemptOf(request)),
  })

  app.post('/:id/cancel', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: {
      tags,
      headers,
      summary: 'Cancel an order, or some of its tickets; what was paid is given back by its terms',
      params: IdParams,
      body: OrderCancel,
      response: { 200: ref(OrderCanceled), ...problems(401, 403, 404, 409, 422, 503) },
    },
    handler: (request) =>
      checkout.cancelOrder(holderOf(request), request.params.id, request.body ?? undefined, attemptOf(request)),
  })

  app.post('/:id/cancellation-quote', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: {
      tags,
      summary: 'What would be given back for an order, or for some of its tickets, and on which terms',
      params: IdParams,
      body: CancellationAsk,
      response: { 200: ref(CancellationQuote), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => checkout.cancellationQuote(holderOf(request), request.params.id, request.body ?? {}),
  })

  await app.register(exchangesRouter, { checkout })
}
