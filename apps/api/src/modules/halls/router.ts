import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Hall, HallCreate, HallDetail, HallFilter, HallList } from './schemas.ts'
import type { HallsService } from './service.ts'

const tags = ['halls']

export const hallsRouter: FastifyPluginAsyncTypebox<{ halls: HallsService }> = async (app, { halls }) => {
  app.get('/halls/:id', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'One hall with its seats',
      params: IdParams,
      response: { 200: ref(HallDetail), ...problems(404, 422) },
    },
    handler: (request) => halls.get(request.params.id),
  })

  app.get('/cinemas/:id/halls', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'Halls of a cinema',
      params: IdParams,
      querystring: HallFilter,
      response: { 200: ref(HallList), ...problems(404, 422) },
    },
    handler: (request) => halls.ofCinema(request.params.id, request.query),
  })

  app.post('/cinemas/:id/halls', {
    config: { access: 'cinemas.write' },
    schema: {
      tags,
      summary: 'Build a hall and its seats',
      params: IdParams,
      body: ref(HallCreate),
      response: { 201: ref(Hall), ...problems(400, 401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await halls.create(request.params.id, request.body)),
  })
}
