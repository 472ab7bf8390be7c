import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { StatisticsQuery, TicketStatistics } from './schemas.ts'
import type { StatisticsService } from './service.ts'

/** Stands under /tickets, and lives here because it reads everything. */
export const statisticsRouter: FastifyPluginAsyncTypebox<{ statistics: StatisticsService }> = async (app, { statistics }) => {
  app.get('/statistics', {
    config: { access: 'statistics.read' },
    schema: {
      tags: ['tickets'],
      summary: 'Sales, counts and occupancy of a period',
      description: 'Of the sessions on these business days, whenever their tickets were bought. Without dates: the last 30 days.',
      querystring: StatisticsQuery,
      response: { 200: ref(TicketStatistics), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => statistics.tickets(userOf(request), request.query),
  })
}
