import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Cinema, CinemaCreate, CinemaFilter, CinemaList } from './schemas.ts'
import type { CinemasService } from './service.ts'

const tags = ['cinemas']

export const cinemasRouter: FastifyPluginAsyncTypebox<{ cinemas: CinemasService }> = async (app, { cinemas }) => {
  app.get('', {
    config: { access: 'public' },
    schema: { tags, summary: 'Cinemas', querystring: CinemaFilter, response: { 200: ref(CinemaList), ...problems(422) } },
    handler: (request) => cinemas.list(request.query),
  })

  app.get('/:id', {
    config: { access: 'public' },
    schema: { tags, summary: 'One cinema', params: IdParams, response: { 200: ref(Cinema), ...problems(404, 422) } },
    handler: (request) => cinemas.get(request.params.id),
  })

  app.post('', {
    config: { access: 'cinemas.write' },
    schema: {
      tags,
      summary: 'Open a cinema',
      body: ref(CinemaCreate),
      response: { 201: ref(Cinema), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await cinemas.create(request.body)),
  })
}
