import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { matchOf } from '#platform/http/etag.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Genre, GenreCreate, GenreList, GenreQuery, GenreUpdate } from './schemas.ts'
import type { GenresService } from './service.ts'

const tags = ['genres']

type Plugin = FastifyPluginAsyncTypebox<{ genres: GenresService }>

const reading: Plugin = async (app, { genres }) => {
  app.get('', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: {
      tags,
      summary: 'List genres by name',
      querystring: GenreQuery,
      response: { 200: ref(GenreList), ...problems(422) },
    },
    handler: (request) => genres.list(request.query),
  })

  app.get('/:id', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: { tags, summary: 'Show a genre', params: IdParams, response: { 200: ref(Genre), ...problems(404, 422) } },
    handler: (request) => genres.get(request.params.id),
  })
}

const writing: Plugin = async (app, { genres }) => {
  app.post('', {
    config: { access: 'catalogue.write', catalogue: 'write' },
    schema: {
      tags,
      summary: 'Add a genre',
      body: ref(GenreCreate),
      response: { 201: ref(Genre), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await genres.create(request.body)),
  })

  for (const method of ['PUT', 'PATCH'])
    app.route({
      method,
      url: '/:id',
      config: { access: 'catalogue.write', catalogue: 'write' },
      schema: {
        tags,
        summary: 'Change a genre; what is left out stays',
        params: IdParams,
        body: ref(GenreUpdate),
        response: { 200: ref(Genre), ...problems(400, 401, 403, 404, 409, 422) },
      },
      handler: (request) => genres.update(request.params.id, request.body, matchOf(request)),
    })

  app.delete('/:id', {
    config: { access: 'catalogue.write', catalogue: 'write' },
    schema: {
      tags,
      summary: 'Delete a genre that no movie has',
      params: IdParams,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      await genres.remove(request.params.id, matchOf(request))
      return reply.code(204).send(null)
    },
  })
}

export const genresRouter: Plugin = async (app, { genres }) => {
  await app.register(reading, { genres })
  await app.register(writing, { genres })
}
