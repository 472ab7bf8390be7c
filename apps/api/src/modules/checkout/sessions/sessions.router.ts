import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import type { CheckoutService } from '#modules/checkout/service.ts'
import { Session, SessionUpdate } from '#modules/sessions/schemas.ts'
import { buyerOf, userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { attemptOf, IdempotencyHeaders } from '#platform/idempotency.ts'
import { hallSwapRouter } from './hall-swap.router.ts'
import { SessionCancel, SessionCancellation, SessionDelete } from './session-cancel.schemas.ts'
import { sessionPreviewsRouter } from './session-previews.router.ts'

const tags = ['sessions']
const headers = IdempotencyHeaders

/** What happens to a session that may have holders. */
export const checkoutSessionsRouter: FastifyPluginAsyncTypebox<{ checkout: CheckoutService }> = async (app, { checkout }) => {
  for (const method of ['PUT', 'PATCH'] as const)
    app.route({
      method,
      url: '/:id',
      config: { access: 'sessions.write' },
      schema: {
        tags,
        summary: 'Change or move a session; what is left out stays, holders are told',
        params: IdParams,
        body: ref(SessionUpdate),
        response: { 200: ref(Session), ...problems(400, 401, 403, 404, 409, 422, 503) },
      },
      handler: (request) => checkout.changeSession(userOf(request), request.params.id, request.body),
    })

  await app.register(hallSwapRouter, { checkout })
  await app.register(sessionPreviewsRouter, { checkout })

  app.delete('/:id', {
    config: { access: 'sessions.delete' },
    schema: {
      tags,
      headers,
      summary: 'Delete a session that nobody has bought; with cancel=true, cancel one that somebody has',
      params: IdParams,
      querystring: SessionDelete,
      response: {
        200: ref(SessionCancellation),
        204: Type.Null({ description: 'Deleted, or hidden when it has a history.' }),
        ...problems(401, 403, 404, 409, 422, 503),
      },
    },
    handler: async (request, reply) => {
      const cancelled = await checkout.deleteSession(buyerOf(request), request.params.id, request.query, attemptOf(request))
      return cancelled ? reply.code(200).send(cancelled) : reply.code(204).send(null)
    },
  })

  app.post('/:id/cancel', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      headers,
      summary: 'Cancel a session: holders are told and get their money back',
      description: 'One that is cancelled already stays as it is, with the first reason and notice.',
      params: IdParams,
      body: SessionCancel,
      response: { 200: ref(SessionCancellation), ...problems(401, 403, 404, 409, 422, 503) },
    },
    handler: (request) => checkout.cancelSession(buyerOf(request), request.params.id, request.body ?? {}, attemptOf(request)),
  })

  app.get('/:id/cancellation', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      summary: 'How far the cancellation of a session has come',
      params: IdParams,
      response: { 200: ref(SessionCancellation), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => checkout.cancellation(userOf(request), request.params.id),
  })
}
