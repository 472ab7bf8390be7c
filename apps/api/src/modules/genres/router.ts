import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Genre, GenreCreate, GenreList, GenreQuery, GenreUpdate } from './schemas.ts'
import type { GenresService } from './service.ts'

const tags = ['genres']

export const genresRouter: FastifyPluginAsyncTypebox<{ genres: GenresService }> = async (app, { genres }) => {
  app.get('', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'List genres by name',
      querystring: GenreQuery,
      response: { 200: ref(GenreList), ...problems(422) },
    },
    handler: (request) => genres.list(request.query),
  })

  app.get('/:id', {
    config: { access: 'public' },
    schema: { tags, summary: 'Show a genre', params: IdParams, response: { 200: ref(Genre), ...problems(404, 422) } },
    handler: (request) => genres.get(request.params.id),
  })

  app.post('', {
    config: { access: 'catalogue.write' },
    schema: {
      tags,
      summary: 'Add a genre',
      body: ref(GenreCreate),
      response: { 201: ref(Genre), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await genres.create(request.body)),
  })

  app.put('/:id', {
    config: { access: 'catalogue.write' },
    schema: {
      tags,
      summary: 'Change a genre; what is left out stays',
      params: IdParams,
      body: ref(GenreUpdate),
      response: { 200: ref(Genre), ...problems(400, 401, 403, 404, 409, 422) },
    },
    handler: (request) => genres.update(request.params.id, request.body),
  })
}
