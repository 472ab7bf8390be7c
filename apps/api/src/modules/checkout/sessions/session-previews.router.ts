import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { CheckoutService } from '#modules/checkout/service.ts'
import { SessionCancellation } from '#modules/checkout/sessions/session-cancel.schemas.ts'
import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import {
  CancelledOrderList,
  CancelledOrderQuery,
  SessionCancelPreview,
  SessionChanges,
  SessionMoveAsk,
  SessionMovePreview,
} from './session-preview.schemas.ts'

const tags = ['sessions']

/** What a change of a session would do, and what earlier ones have done. */
export const sessionPreviewsRouter: FastifyPluginAsyncTypebox<{ checkout: CheckoutService }> = async (app, { checkout }) => {
  app.get('/:id/cancel-preview', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      summary: 'Whom cancelling a session would concern and what would be given back; nothing is changed',
      params: IdParams,
      response: { 200: ref(SessionCancelPreview), ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request) => checkout.previewSession.cancel(userOf(request), request.params.id),
  })

  app.post('/:id/move-preview', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      summary: 'Whom moving a session would concern, and what it would meet; nothing is changed',
      params: IdParams,
      body: ref(SessionMoveAsk),
      response: { 200: ref(SessionMovePreview), ...problems(401, 403, 404, 409, 422) },
    },
    handler: (request) => checkout.previewSession.move(userOf(request), request.params.id, request.body),
  })

  app.get('/:id/changes', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      summary: 'When a session was moved, given another hall or cancelled, and by whom',
      params: IdParams,
      response: { 200: ref(SessionChanges), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => checkout.previewSession.changes(userOf(request), request.params.id),
  })

  app.get('/:id/cancellation/orders', {
    config: { access: 'sessions.write' },
    schema: {
      tags,
      summary: 'What came of the money of each order of a cancelled session',
      params: IdParams,
      querystring: CancelledOrderQuery,
      response: { 200: ref(CancelledOrderList), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => checkout.cancelledOrders.list(userOf(request), request.params.id, request.query),
  })

  app.post('/:id/cancellation/retry', {
    config: { access: 'refunds.manage' },
    schema: {
      tags,
      summary: 'Try again every refund of a cancelled session that was refused',
      params: IdParams,
      response: { 200: ref(SessionCancellation), ...problems(401, 403, 404, 422, 503) },
    },
    handler: (request) => checkout.cancelledOrders.retry(userOf(request), request.params.id),
  })
}
