import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { SessionCancellation, SessionDelete } from '#modules/checkout/sessions/session-cancel.schemas.ts'
import { buyerOf, userOf } from '#platform/http/auth.ts'
import { Id, IdParams, problems, ref, strict } from '#platform/http/schemas.ts'
import { attemptOf, IdempotencyHeaders } from '#platform/idempotency.ts'
import { Event, EventCreate, EventList, EventQuery, EventSeats, EventTicket, EventUpdate } from './schemas.ts'
import type { EventsService } from './service.ts'

const tags = ['events']
const headers = IdempotencyHeaders
const SeatParams = Type.Object({ id: Id, seat_id: Id }, strict)

export const eventsRouter: FastifyPluginAsyncTypebox<{ events: EventsService }> = async (app, { events }) => {
  app.get('', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'Events, found by words, dates, place and price',
      querystring: EventQuery,
      response: { 200: ref(EventList), ...problems(422) },
    },
    handler: (request) => events.list(request.query),
  })

  app.get('/:id', {
    config: { access: 'public' },
    schema: { tags, summary: 'One event', params: IdParams, response: { 200: ref(Event), ...problems(404, 422) } },
    handler: (request) => events.get(request.params.id),
  })

  app.post('', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      summary: 'Open an event in the hall of events',
      body: ref(EventCreate),
      response: { 201: ref(Event), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await events.create(userOf(request), request.body)),
  })

  app.patch('/:id', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      summary: 'Change an event; what is left out stays, holders are told when it moves',
      params: IdParams,
      body: ref(EventUpdate),
      response: { 200: ref(Event), ...problems(400, 401, 403, 404, 409, 422, 503) },
    },
    handler: (request) => events.update(userOf(request), request.params.id, request.body),
  })

  app.delete('/:id', {
    config: { access: 'sessions.delete' },
    schema: {
      tags,
      headers,
      summary: 'Delete an event that nobody has bought; with cancel=true, cancel one that somebody has',
      params: IdParams,
      querystring: SessionDelete,
      response: {
        200: ref(SessionCancellation),
        204: Type.Null({ description: 'Deleted, or hidden when it has a history.' }),
        ...problems(401, 403, 404, 409, 422, 503),
      },
    },
    handler: async (request, reply) => {
      const cancelled = await events.delete(buyerOf(request), request.params.id, request.query, attemptOf(request))
      return cancelled ? reply.code(200).send(cancelled) : reply.code(204).send(null)
    },
  })

  app.get('/:id/seats', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'Every seat of the hall, and whether it can be reserved',
      params: IdParams,
      response: { 200: ref(EventSeats), ...problems(404, 422) },
    },
    handler: (request) => events.seats(request.params.id),
  })

  app.post('/:id/seats/:seat_id/reserve', {
    config: { access: 'buyer', reach: 'any' },
    schema: {
      tags,
      headers,
      summary: 'Hold one seat of an event',
      params: SeatParams,
      response: { 201: ref(EventTicket), ...problems(401, 404, 409, 422, 503) },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await events.reserve(buyerOf(request), request.params.id, request.params.seat_id, attemptOf(request))),
  })
}
