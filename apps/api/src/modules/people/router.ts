import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { matchOf } from '#platform/http/etag.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Person, PersonCreate, PersonList, PersonQuery, PersonUpdate } from './schemas.ts'
import type { PeopleService, Trade } from './service.ts'

const tags = ['people']

type Plugin = FastifyPluginAsyncTypebox<{ trade: Trade; one: string; many: string }>

const reading: Plugin = async (app, { trade, one, many }) => {
  app.get('', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: {
      tags,
      summary: `List ${many} by name`,
      querystring: PersonQuery,
      response: { 200: ref(PersonList), ...problems(422) },
    },
    handler: (request) => trade.list(request.query),
  })

  app.get('/:id', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: { tags, summary: `Show a ${one}`, params: IdParams, response: { 200: ref(Person), ...problems(404, 422) } },
    handler: (request) => trade.get(request.params.id),
  })
}

const writing: Plugin = async (app, { trade, one }) => {
  app.post('', {
    config: { access: 'catalogue.write', catalogue: 'write' },
    schema: {
      tags,
      summary: `Add a ${one}`,
      body: ref(PersonCreate),
      response: { 201: ref(Person), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await trade.create(request.body)),
  })

  for (const method of ['PUT', 'PATCH'])
    app.route({
      method,
      url: '/:id',
      config: { access: 'catalogue.write', catalogue: 'write' },
      schema: {
        tags,
        summary: `Rename a ${one}`,
        params: IdParams,
        body: ref(PersonUpdate),
        response: { 200: ref(Person), ...problems(400, 401, 403, 404, 409, 422) },
      },
      handler: (request) => trade.update(request.params.id, request.body, matchOf(request)),
    })

  app.delete('/:id', {
    config: { access: 'catalogue.write', catalogue: 'write' },
    schema: {
      tags,
      summary: `Delete a ${one} whom no movie names`,
      params: IdParams,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      await trade.remove(request.params.id, matchOf(request))
      return reply.code(204).send(null)
    },
  })
}

const tradeRouter: Plugin = async (app, { trade, one, many }) => {
  await app.register(reading, { trade, one, many })
  await app.register(writing, { trade, one, many })
}

export const peopleRouter: FastifyPluginAsyncTypebox<{ people: PeopleService }> = async (app, { people }) => {
  await app.register(tradeRouter, { prefix: '/directors', trade: people.directors, one: 'director', many: 'directors' })
  await app.register(tradeRouter, { prefix: '/stars', trade: people.stars, one: 'star', many: 'stars' })
}
