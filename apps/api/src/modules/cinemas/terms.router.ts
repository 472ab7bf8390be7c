import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import type { CinemasService } from './service.ts'
import { CancellationPolicy, CancellationPolicyUpdate, Seller, SellerUpdate } from './terms.schemas.ts'

const tags = ['cinemas']

export const termsRouter: FastifyPluginAsyncTypebox<{ cinemas: CinemasService }> = async (app, { cinemas: { terms } }) => {
  app.get('/:id/cancellation-policy', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'On which terms a cinema takes tickets back',
      params: IdParams,
      response: { 200: ref(CancellationPolicy), ...problems(404, 422) },
    },
    handler: (request) => terms.policy(request.params.id),
  })

  app.put('/:id/cancellation-policy', {
    config: { access: 'cinemas.write' },
    schema: {
      tags,
      summary: 'Set the terms for orders made from now on',
      params: IdParams,
      body: ref(CancellationPolicyUpdate),
      response: { 200: ref(CancellationPolicy), ...problems(400, 401, 403, 404, 422) },
    },
    handler: (request) => terms.setPolicy(userOf(request), request.params.id, request.body),
  })

  app.get('/:id/seller', {
    config: { access: 'cinemas.write' },
    schema: {
      tags,
      summary: 'In whose name receipts are written',
      params: IdParams,
      response: { 200: ref(Seller), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => terms.seller(userOf(request), request.params.id),
  })

  app.put('/:id/seller', {
    config: { access: 'cinemas.write' },
    schema: {
      tags,
      summary: 'Set in whose name receipts are written from now on',
      params: IdParams,
      body: ref(SellerUpdate),
      response: { 200: ref(Seller), ...problems(400, 401, 403, 404, 422) },
    },
    handler: (request) => terms.setSeller(userOf(request), request.params.id, request.body),
  })
}
