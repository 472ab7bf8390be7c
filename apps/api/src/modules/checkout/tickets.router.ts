import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { CancelReason } from '#modules/checkout/return/cancel.schemas.ts'
import { buyerOf, holderOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { attemptOf, IdempotencyHeaders } from '#platform/idempotency.ts'
import {
  TicketCancelled,
  TicketChanged,
  TicketCreate,
  TicketCreated,
  TicketPaid,
  TicketPay,
  TicketPurchase,
  TicketUpdate,
} from './schemas.ts'
import type { CheckoutService } from './service.ts'

const tags = ['tickets']
const headers = IdempotencyHeaders

export const checkoutTicketsRouter: FastifyPluginAsyncTypebox<{ checkout: CheckoutService }> = async (app, { checkout }) => {
  app.post('', {
    config: { access: 'buyer', reach: 'any' },
    schema: {
      tags,
      headers,
      summary: 'Hold seats of a session',
      body: ref(TicketCreate),
      response: { 201: ref(TicketCreated), ...problems(400, 401, 404, 409, 422, 503) },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await checkout.reserve(buyerOf(request), request.body, attemptOf(request))),
  })

  app.post('/purchase', {
    config: { access: 'buyer', reach: 'any' },
    schema: {
      tags,
      headers,
      summary: 'Pay for a seat: my own hold, or a free one',
      body: ref(TicketPurchase),
      response: { 201: ref(TicketPaid), ...problems(400, 401, 402, 403, 404, 409, 422, 503) },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await checkout.purchase.seat(buyerOf(request), request.body, attemptOf(request))),
  })

  app.patch('/:id/pay', {
    config: { access: 'buyer', reach: 'own or tickets.manage' },
    schema: {
      tags,
      headers,
      summary: 'Pay the order of this ticket',
      params: IdParams,
      body: ref(TicketPay),
      response: { 200: ref(TicketPaid), ...problems(400, 401, 402, 403, 404, 409, 422, 503) },
    },
    handler: (request) => checkout.purchase.ticket(buyerOf(request), request.params.id, request.body, attemptOf(request)),
  })

  for (const method of ['PUT', 'PATCH'] as const)
    app.route({
      method,
      url: '/:id',
      config: { access: 'buyer', reach: 'own or tickets.manage' },
      schema: {
        tags,
        summary: 'Change the seat or the type of a ticket while unpaid; staff: mark it used',
        params: IdParams,
        body: ref(TicketUpdate),
        response: { 200: ref(TicketChanged), ...problems(400, 401, 403, 404, 409, 422, 503) },
      },
      handler: (request) => checkout.changeTicket(buyerOf(request), request.params.id, request.body),
    })

  const cancelled = { params: IdParams, response: { 200: ref(TicketCancelled), ...problems(401, 404, 409, 422, 503) } }

  app.post('/:id/cancel', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: { tags, headers, summary: 'Cancel a ticket; what it cost is given back', body: CancelReason, ...cancelled },
    handler: (request) => checkout.cancelTicket(holderOf(request), request.params.id, request.body?.reason, attemptOf(request)),
  })

  app.delete('/:id', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: { tags, headers, summary: 'Cancel a ticket; the same as POST /tickets/{id}/cancel', ...cancelled },
    handler: (request) => checkout.cancelTicket(holderOf(request), request.params.id, undefined, attemptOf(request)),
  })
}
