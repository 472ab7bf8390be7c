import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { Payment, PaymentInitiate, PaymentList, PaymentQuery, WebhookReceived } from '#modules/checkout/schemas.ts'
import type { CheckoutService } from '#modules/checkout/service.ts'
import { PaymentProviderAnswer } from '#modules/payments/schemas.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { invalid } from '#platform/errors.ts'
import { buyerOf, holderOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { attemptOf, IdempotencyHeaders } from '#platform/idempotency.ts'
import { CheckoutSessionCreate } from './checkout-session.schemas.ts'

const tags = ['payments']

type Deps = { checkout: CheckoutService; tickets: TicketsService; payments: PaymentsService }

export const checkoutPaymentsRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { checkout, tickets, payments }) => {
  app.get('/provider', {
    config: { access: 'public' },
    schema: { tags, summary: 'Who takes payments here', response: { 200: ref(PaymentProviderAnswer), ...problems(422) } },
    handler: async () => payments.whoTakes,
  })

  app.get('', {
    config: { access: 'buyer' },
    schema: {
      tags,
      summary: 'My payments, newest first',
      querystring: PaymentQuery,
      response: { 200: ref(PaymentList), ...problems(401, 422) },
    },
    handler: (request) => checkout.payments.list(buyerOf(request), request.query),
  })

  app.get('/:id', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: {
      tags,
      summary: 'A payment with the order it pays',
      params: IdParams,
      response: { 200: ref(Payment), ...problems(401, 404, 422) },
    },
    handler: (request) => checkout.payments.read(holderOf(request), request.params.id),
  })

  app.post('/initiate', {
    config: { access: 'buyer', reach: 'own or tickets.manage' },
    schema: {
      tags,
      headers: IdempotencyHeaders,
      summary: 'Start paying an order',
      body: ref(PaymentInitiate),
      response: { 201: ref(Payment), ...problems(400, 401, 402, 403, 404, 409, 422, 503) },
    },
    handler: async (request, reply) => {
      const { order_id, ticket_id, ...wish } = request.body
      if ((order_id === undefined) === (ticket_id === undefined))
        throw invalid('/order_id', 'Name the order or one of its tickets.', 'payments.name_order_or_ticket')
      const actor = buyerOf(request)
      const id = order_id ?? (await tickets.get(actor, ticket_id ?? 0)).order_id
      return reply.code(201).send(await checkout.initiate(actor, id, wish, attemptOf(request)))
    },
  })

  app.post('/checkout-session', {
    config: { access: 'buyer', reach: 'own' },
    schema: {
      tags,
      headers: IdempotencyHeaders,
      summary: 'Start paying my order and learn on which page to go on',
      body: ref(CheckoutSessionCreate),
      response: { 201: ref(Payment), ...problems(400, 401, 402, 404, 409, 422, 503) },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await checkout.startSession(buyerOf(request), request.body, attemptOf(request))),
  })

  await app.register(async (raw) => {
    // The signature is over the bytes as they came.
    raw.removeAllContentTypeParsers()
    raw.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    raw.post('/webhook', {
      config: { access: 'provider' },
      schema: {
        tags,
        summary: 'What the payment provider tells; signed',
        response: { 200: ref(WebhookReceived), ...problems(400, 503) },
      },
      handler: (request) => checkout.webhook(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), request.headers),
    })
  })
}
