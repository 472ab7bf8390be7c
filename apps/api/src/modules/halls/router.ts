import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { userOf } from '#platform/http/auth.ts'
import { matchOf } from '#platform/http/etag.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Hall, HallCreate, HallDetail, HallFilter, HallList, HallUpdate } from './schemas.ts'
import type { HallsService } from './service.ts'

const tags = ['halls']

type Plugin = FastifyPluginAsyncTypebox<{ halls: HallsService }>

const reading: Plugin = async (app, { halls }) => {
  app.get('/halls/:id', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: {
      tags,
      summary: 'One hall with its seats',
      params: IdParams,
      response: { 200: ref(HallDetail), ...problems(404, 422) },
    },
    handler: (request) => halls.get(request.params.id),
  })

  app.get('/cinemas/:id/halls', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: {
      tags,
      summary: 'Halls of a cinema',
      params: IdParams,
      querystring: HallFilter,
      response: { 200: ref(HallList), ...problems(404, 422) },
    },
    handler: (request) => halls.ofCinema(request.params.id, request.query),
  })
}

const writing: Plugin = async (app, { halls }) => {
  app.post('/cinemas/:id/halls', {
    config: { access: 'cinemas.write', catalogue: 'write' },
    schema: {
      tags,
      summary: 'Build a hall and its seats',
      params: IdParams,
      body: ref(HallCreate),
      response: { 201: ref(Hall), ...problems(400, 401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await halls.create(userOf(request), request.params.id, request.body)),
  })

  for (const method of ['PUT', 'PATCH'])
    app.route({
      method,
      url: '/halls/:id',
      config: { access: 'cinemas.write', catalogue: 'write' },
      schema: {
        tags,
        summary: 'Change a hall, also its seats; what is left out stays',
        description:
          'New seats are given whole: `rows` and `seats_per_row` with the rows of each type, or a `layout`. A seat of the same row and ' +
          'number keeps its id. A seat that is sold, held or blocked in a session to come neither goes nor becomes another type: 409 ' +
          'names such seats and sessions.',
        params: IdParams,
        body: ref(HallUpdate),
        response: { 200: ref(Hall), ...problems(400, 401, 403, 404, 409, 422, 503) },
      },
      handler: (request) => halls.update(userOf(request), request.params.id, request.body, matchOf(request)),
    })

  app.delete('/halls/:id', {
    config: { access: 'cinemas.delete', catalogue: 'write' },
    schema: {
      tags,
      summary: 'Delete a hall, or close it for ever',
      description:
        '204: it is gone with its seats. 200: it had sessions, so it stays for their history with `is_active` false. ' +
        '409 while sessions are to come or under way.',
      params: IdParams,
      response: { 200: ref(Hall), 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      const closed = await halls.remove(userOf(request), request.params.id, matchOf(request))
      return closed ? reply.code(200).send(closed) : reply.code(204).send(null)
    },
  })
}

export const hallsRouter: Plugin = async (app, { halls }) => {
  await app.register(reading, { halls })
  await app.register(writing, { halls })
}
