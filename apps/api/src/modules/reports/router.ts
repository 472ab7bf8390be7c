import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { Report, ReportCreate, ReportList, ReportQuery } from './schemas.ts'
import type { ReportsService } from './service.ts'

const tags = ['reports']

/** Handlers send bytes, so these shapes only document. */
const download: object = {
  200: {
    description: 'The report.',
    content: { 'text/csv': { schema: { type: 'string' } }, 'application/json': { schema: {} } },
  },
}

export const reportsRouter: FastifyPluginAsyncTypebox<{ reports: ReportsService }> = async (app, { reports }) => {
  app.post('', {
    config: { access: 'reports.make' },
    schema: {
      tags,
      summary: 'Order a report',
      description: 'It is made in the background: ask for it until its status is done, then download it.',
      body: ref(ReportCreate),
      response: { 202: ref(Report), ...problems(400, 401, 403, 422) },
    },
    handler: async (request, reply) => reply.code(202).send(await reports.order(userOf(request), request.body)),
  })

  app.get('', {
    config: { access: 'reports.make' },
    schema: {
      tags,
      summary: 'Reports, newest first',
      querystring: ReportQuery,
      response: { 200: ref(ReportList), ...problems(401, 403, 422) },
    },
    handler: (request) => reports.list(userOf(request), request.query),
  })

  app.get('/:id', {
    config: { access: 'reports.make' },
    schema: { tags, summary: 'A report', params: IdParams, response: { 200: ref(Report), ...problems(401, 403, 404, 422) } },
    handler: (request) => reports.get(userOf(request), request.params.id),
  })

  app.get('/:id/download', {
    config: { access: 'reports.make' },
    schema: {
      tags,
      summary: 'The file of a report',
      params: IdParams,
      response: { ...download, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      const { name, type, content } = await reports.download(userOf(request), request.params.id)
      return reply.type(type).header('content-disposition', `attachment; filename="${name}"`).send(content)
    },
  })
}
