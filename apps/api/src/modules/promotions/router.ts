import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { userOf } from '#platform/http/auth.ts'
import { matchOf } from '#platform/http/etag.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Promotion, PromotionCreate, PromotionList, PromotionQuery, PromotionUpdate } from './schemas.ts'
import type { PromotionsService } from './service.ts'

const tags = ['promotions']
const config = { access: 'promotions.write' } as const

export const promotionsRouter: FastifyPluginAsyncTypebox<{ promotions: PromotionsService }> = async (app, { promotions }) => {
  app.get('', {
    config,
    schema: {
      tags,
      summary: 'Promotions in the order in which they are tried',
      querystring: PromotionQuery,
      response: { 200: ref(PromotionList), ...problems(401, 403, 422) },
    },
    handler: (request) => promotions.list(userOf(request), request.query),
  })

  app.get('/:id', {
    config,
    schema: {
      tags,
      summary: 'A promotion with its codes and how much it was used',
      params: IdParams,
      response: { 200: ref(Promotion), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => promotions.get(userOf(request), request.params.id),
  })

  app.post('', {
    config,
    schema: {
      tags,
      summary: 'Make a promotion',
      description:
        'Each ticket is lowered by one promotion at most: they are tried by priority, then by age. Without cinema_ids it holds everywhere, which only those may say who work everywhere.',
      body: ref(PromotionCreate),
      response: { 201: ref(Promotion), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await promotions.create(userOf(request), request.body)),
  })

  for (const method of ['PUT', 'PATCH'])
    app.route({
      method,
      url: '/:id',
      config,
      schema: {
        tags,
        summary: 'Change a promotion; what is left out stays',
        description:
          'Orders that have it keep their price as long as nothing about them changes. Limits cannot fall below what is in use.',
        params: IdParams,
        body: ref(PromotionUpdate),
        response: { 200: ref(Promotion), ...problems(400, 401, 403, 404, 409, 412, 422) },
      },
      handler: (request) => promotions.update(userOf(request), request.params.id, request.body, matchOf(request)),
    })

  app.delete('/:id', {
    config,
    schema: {
      tags,
      summary: 'Delete a promotion, or stop it for ever',
      description: '204: it is gone. 200: it has been used, so it stays for the books with `is_active` false.',
      params: IdParams,
      response: { 200: ref(Promotion), 204: Type.Null(), ...problems(401, 403, 404, 412, 422) },
    },
    handler: async (request, reply) => {
      const stopped = await promotions.remove(userOf(request), request.params.id, matchOf(request))
      return stopped ? reply.code(200).send(stopped) : reply.code(204).send(null)
    },
  })
}
