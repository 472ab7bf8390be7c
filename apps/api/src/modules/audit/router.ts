import { Readable } from 'node:stream'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { problems, ref } from '#platform/http/schemas.ts'
import { AuditFilter, AuditList, AuditQuery } from './schemas.ts'
import type { AuditService } from './service.ts'

const tags = ['admin']

/** The handler sends a stream, so this shape only documents. */
const file: object = { 200: { description: 'The entries.', content: { 'text/csv': { schema: { type: 'string' } } } } }

export const auditRouter: FastifyPluginAsyncTypebox<{ audit: AuditService }> = async (app, { audit }) => {
  app.get('', {
    config: { access: 'audit.read' },
    schema: {
      tags,
      summary: 'What staff have done and what touched anybody’s access, newest first',
      querystring: AuditQuery,
      response: { 200: ref(AuditList), ...problems(422) },
    },
    handler: (request) => audit.list(request.query),
  })

  app.get('/export', {
    config: { access: 'audit.read' },
    schema: { tags, summary: 'The same as a file', querystring: AuditFilter, response: { ...file, ...problems(422) } },
    handler: async (request, reply) => {
      await audit.noteExport(request.query)
      const name = `audit_${new Date().toISOString().slice(0, 10)}.csv`
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Readable.from(audit.export(request.query)))
    },
  })
}
