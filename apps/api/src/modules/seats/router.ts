import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { addressOf, refusePlainRequest } from '#platform/http/websocket.ts'
import type { LiveSeats } from './realtime.ts'
import { BestSeats, BestWish } from './schemas.ts'
import type { SeatsService } from './service.ts'

/** Stands under /sessions and judges seats, so it lives here: sessions know no rules of seats. */
export const sessionSeatsRouter: FastifyPluginAsyncTypebox<{ seats: SeatsService }> = async (app, { seats }) => {
  app.get('/:id/best-seats', {
    config: { access: 'public' },
    schema: {
      tags: ['sessions'],
      summary: 'The best free seats for so many people, side by side if possible; it holds nothing',
      params: IdParams,
      querystring: BestWish,
      response: { 200: ref(BestSeats), ...problems(404, 409, 422) },
    },
    handler: (request) => seats.best(request.params.id, request.query),
  })
}

/** Registered where WebSockets are spoken. Not in the API document, which has no words for them: docs/api/live-map.md. */
export const liveRouter: FastifyPluginAsyncTypebox<{ live: LiveSeats }> = async (app, { live }) => {
  app.route({
    method: 'GET',
    url: '/:id/live',
    config: { access: 'public' },
    schema: { hide: true, params: IdParams, response: problems(403, 422, 426) },
    handler: refusePlainRequest,
    wsHandler: (socket, request) => live.watch(request.params.id, addressOf(request), socket),
  })
}
