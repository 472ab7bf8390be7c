import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { AvailableSeats, MovieSessionsQuery, Session, SessionCreate, SessionFilter, SessionList } from './schemas.ts'
import type { SessionsService } from './service.ts'

const tags = ['sessions']

export const sessionsRouter: FastifyPluginAsyncTypebox<{ sessions: SessionsService }> = async (app, { sessions }) => {
  app.get('', {
    config: { access: 'public', together: true },
    schema: {
      tags,
      summary: 'Sessions, the next one first',
      querystring: SessionFilter,
      response: { 200: ref(SessionList), ...problems(422) },
    },
    handler: (request) => sessions.list(request.query),
  })

  app.get('/:id', {
    config: { access: 'public', together: true },
    schema: { tags, summary: 'One session', params: IdParams, response: { 200: ref(Session), ...problems(404, 422) } },
    handler: (request) => sessions.get(request.params.id),
  })

  app.get('/:id/available-seats', {
    config: { access: 'public', together: true },
    schema: {
      tags,
      summary: 'Every seat of the hall: free or not, and its price',
      params: IdParams,
      response: { 200: ref(AvailableSeats), ...problems(404, 422) },
    },
    handler: (request) => sessions.availableSeats(request.params.id),
  })

  app.post('', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      summary: 'Schedule a movie in a hall',
      body: ref(SessionCreate),
      response: { 201: ref(Session), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await sessions.create(userOf(request), request.body)),
  })
}

/** Stands under /movies and lists sessions, so it lives here: movies know no sessions. */
export const movieSessionsRouter: FastifyPluginAsyncTypebox<{ sessions: SessionsService }> = async (app, { sessions }) => {
  app.get('/:id/sessions', {
    config: { access: 'public', together: true },
    schema: {
      tags,
      summary: 'Sessions of a movie that are to come, active ones first',
      params: IdParams,
      querystring: MovieSessionsQuery,
      response: { 200: ref(SessionList), ...problems(404, 422) },
    },
    handler: (request) => sessions.ofMovie(request.params.id, request.query),
  })
}
