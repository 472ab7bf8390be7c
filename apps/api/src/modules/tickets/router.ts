import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { buyerOf, holderOf, userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import {
  CheckIn,
  CheckInCreate,
  CheckInUndo,
  MyTicketQuery,
  SessionCheckIns,
  Ticket,
  TicketList,
  TicketQuery,
} from './schemas.ts'
import type { TicketsService } from './service.ts'

const tags = ['tickets']

type Plugin = FastifyPluginAsyncTypebox<{ tickets: TicketsService }>

/** Reading tickets, and the door; what is bought and given back stands in checkout. */
export const ticketsRouter: Plugin = async (app, { tickets }) => {
  app.get('/my', {
    config: { access: 'buyer' },
    schema: {
      tags,
      summary: 'My tickets, newest first',
      querystring: MyTicketQuery,
      response: { 200: ref(TicketList), ...problems(401, 422) },
    },
    handler: (request) => tickets.listMine(buyerOf(request), request.query),
  })

  app.get('', {
    config: { access: 'buyer', reach: 'own or tickets.manage' },
    schema: {
      tags,
      summary: 'Tickets: one’s own, or everybody’s for staff',
      querystring: TicketQuery,
      response: { 200: ref(TicketList), ...problems(401, 403, 422) },
    },
    handler: (request) => tickets.list(buyerOf(request), request.query),
  })

  app.get('/:id', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: {
      tags,
      summary: 'A ticket',
      params: IdParams,
      response: { 200: ref(Ticket), ...problems(401, 404, 422) },
    },
    handler: (request) => tickets.get(holderOf(request), request.params.id),
  })

  app.post('/check-in', {
    config: { access: 'tickets.check_in' },
    schema: {
      tags,
      summary: 'Scan a ticket at the door',
      description:
        'Answers 200 whatever a scanner read: `result` says what to do, only `ok` lets in and marks the ticket used. `session` is always the right one. A repeated request with the same nonce answers as before.',
      body: ref(CheckInCreate),
      response: { 200: ref(CheckIn), ...problems(400, 401, 403, 422, 503) },
    },
    handler: (request) => tickets.checkIn(userOf(request), request.body),
  })

  app.post('/:id/check-in/undo', {
    config: { access: 'tickets.check_in' },
    schema: {
      tags,
      summary: 'Take a scan back: the ticket is paid and not used',
      params: IdParams,
      body: ref(CheckInUndo),
      response: { 200: ref(Ticket), ...problems(400, 401, 403, 404, 409, 422, 503) },
    },
    handler: (request) => tickets.undoCheckIn(userOf(request), request.params.id, request.body),
  })
}

/** Stands under /sessions and counts tickets, so it lives here: sessions know no tickets. */
export const sessionCheckInsRouter: Plugin = async (app, { tickets }) => {
  app.get('/:id/check-ins', {
    config: { access: 'tickets.check_in' },
    schema: {
      tags,
      summary: 'How many have come in, and how many are still to come',
      params: IdParams,
      response: { 200: ref(SessionCheckIns), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => tickets.countCheckIns(userOf(request), request.params.id),
  })
}
