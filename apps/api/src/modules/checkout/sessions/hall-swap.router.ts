import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { CheckoutService } from '#modules/checkout/service.ts'
import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { attemptOf, IdempotencyHeaders } from '#platform/idempotency.ts'
import { HallSwap, HallSwapAsk, HallSwapPreview, HallSwapRequest } from './hall-swap.schemas.ts'

const tags = ['sessions']

/** A session with sold seats in another hall. */
export const hallSwapRouter: FastifyPluginAsyncTypebox<{ checkout: CheckoutService }> = async (app, { checkout }) => {
  app.post('/:id/hall-swap-preview', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      summary: 'Where everybody would sit in another hall, and who would not; nothing is changed',
      params: IdParams,
      body: ref(HallSwapAsk),
      response: { 200: ref(HallSwapPreview), ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request) => checkout.previewHallSwap(userOf(request), request.params.id, request.body),
  })

  app.post('/:id/hall-swap', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      headers: IdempotencyHeaders,
      summary: 'Move a session with its holders to another hall; they are told, and get back what their seats are worth less',
      params: IdParams,
      body: ref(HallSwapRequest),
      response: { 200: ref(HallSwap), ...problems(401, 403, 404, 409, 422, 503) },
    },
    handler: (request) => checkout.swapHall(userOf(request), request.params.id, request.body, attemptOf(request)),
  })
}
