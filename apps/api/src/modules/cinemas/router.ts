import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'

import { userOf } from '#platform/http/auth.ts'
import { matchOf } from '#platform/http/etag.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Cinema, CinemaCreate, CinemaFilter, CinemaList, CinemaNearbyList, CinemaSearch, CinemaUpdate } from './schemas.ts'
import type { CinemasService } from './service.ts'
import { termsRouter } from './terms.router.ts'

const tags = ['cinemas']

/** Who is open now depends on the minute. */
const keepOnlyIfLasting = ({ open_now }: { open_now?: boolean }, reply: FastifyReply) => {
  if (open_now !== undefined) reply.header('cache-control', 'no-store')
}

type Plugin = FastifyPluginAsyncTypebox<{ cinemas: CinemasService }>

const reading: Plugin = async (app, { cinemas }) => {
  app.get('', {
    config: { access: 'public', catalogue: 'read' },
    schema: { tags, summary: 'Cinemas', querystring: CinemaFilter, response: { 200: ref(CinemaList), ...problems(422) } },
    handler: (request, reply) => {
      keepOnlyIfLasting(request.query, reply)
      return cinemas.list(request.query)
    },
  })

  app.get('/search', {
    config: { access: 'public', catalogue: 'read' },
    schema: {
      tags,
      summary: 'Cinemas near a place, the nearest first',
      querystring: CinemaSearch,
      response: { 200: ref(CinemaNearbyList), ...problems(422) },
    },
    handler: (request, reply) => {
      keepOnlyIfLasting(request.query, reply)
      return cinemas.search(request.query)
    },
  })

  app.get('/:id', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: { tags, summary: 'One cinema', params: IdParams, response: { 200: ref(Cinema), ...problems(404, 422) } },
    handler: (request) => cinemas.get(request.params.id),
  })
}

const writing: Plugin = async (app, { cinemas }) => {
  app.post('', {
    config: { access: 'cinemas.write', catalogue: 'write', reach: 'any' },
    schema: {
      tags,
      summary: 'Open a cinema',
      body: ref(CinemaCreate),
      response: { 201: ref(Cinema), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await cinemas.create(userOf(request), request.body)),
  })

  for (const method of ['PUT', 'PATCH'])
    app.route({
      method,
      url: '/:id',
      config: { access: 'cinemas.write', catalogue: 'write' },
      schema: {
        tags,
        summary: 'Change a cinema; what is left out stays',
        description:
          'While sessions are still to end, its time zone and currency stay and it cannot be closed: their days and prices lean on them.',
        params: IdParams,
        body: ref(CinemaUpdate),
        response: { 200: ref(Cinema), ...problems(400, 401, 403, 404, 409, 422) },
      },
      handler: (request) => cinemas.update(userOf(request), request.params.id, request.body, matchOf(request)),
    })

  app.delete('/:id', {
    config: { access: 'cinemas.delete', catalogue: 'write' },
    schema: {
      tags,
      summary: 'Delete a cinema, or close it for ever',
      description:
        '204: it is gone. 200: it has halls, so it stays for their history with `is_active` false. 409 while sessions are still to end.',
      params: IdParams,
      response: { 200: ref(Cinema), 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      const closed = await cinemas.remove(userOf(request), request.params.id, matchOf(request))
      return closed ? reply.code(200).send(closed) : reply.code(204).send(null)
    },
  })
}

export const cinemasRouter: Plugin = async (app, { cinemas }) => {
  await app.register(reading, { cinemas })
  await app.register(writing, { cinemas })
  await app.register(termsRouter, { cinemas })
}
