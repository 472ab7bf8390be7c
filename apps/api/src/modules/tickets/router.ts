import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { buyerOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Ticket, TicketList, TicketQuery } from './schemas.ts'
import type { TicketsService } from './service.ts'

/** Reading tickets; what changes them stands in checkout. */
export const ticketsRouter: FastifyPluginAsyncTypebox<{ tickets: TicketsService }> = async (app, { tickets }) => {
  app.get('/my', {
    config: { access: 'buyer' },
    schema: {
      tags: ['tickets'],
      summary: 'My tickets, newest first',
      querystring: TicketQuery,
      response: { 200: ref(TicketList), ...problems(401, 422) },
    },
    handler: (request) => tickets.listMine(buyerOf(request), request.query),
  })

  app.get('', {
    config: { access: 'buyer' },
    schema: {
      tags: ['tickets'],
      summary: 'Tickets: one’s own, or everybody’s for staff',
      querystring: TicketQuery,
      response: { 200: ref(TicketList), ...problems(401, 403, 422) },
    },
    handler: (request) => tickets.list(buyerOf(request), request.query),
  })

  app.get('/:id', {
    config: { access: 'buyer' },
    schema: {
      tags: ['tickets'],
      summary: 'A ticket',
      params: IdParams,
      response: { 200: ref(Ticket), ...problems(401, 404, 422) },
    },
    handler: (request) => tickets.get(buyerOf(request), request.params.id),
  })
}
