import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { holderOf, userOf } from '#platform/http/auth.ts'
import { csvFile, sendCsv } from '#platform/http/csv-file.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { OrderReceipts, ReceiptFilter, ReceiptList, ReceiptQuery } from './schemas.ts'
import type { ReceiptsService } from './service.ts'

export const receiptsRouter: FastifyPluginAsyncTypebox<{ receipts: ReceiptsService }> = async (app, { receipts }) => {
  app.get('/orders/:id/receipts', {
    config: { access: 'holder', reach: 'own or tickets.manage' },
    schema: {
      tags: ['orders'],
      summary: 'The receipts and credit notes of an order, the oldest first',
      description: 'A receipt comes a few seconds after its payment, a credit note after the money has gone back.',
      params: IdParams,
      response: { 200: ref(OrderReceipts), ...problems(401, 404, 422) },
    },
    handler: (request) => receipts.ofOrder(holderOf(request), request.params.id),
  })

  app.get('/admin/receipts', {
    config: { access: 'receipts.read' },
    schema: {
      tags: ['admin'],
      summary: 'Receipts and credit notes of the cinemas where I work, newest first',
      querystring: ReceiptQuery,
      response: { 200: ref(ReceiptList), ...problems(401, 403, 422) },
    },
    handler: (request) => receipts.list(userOf(request), request.query),
  })

  app.get('/admin/receipts/export', {
    config: { access: 'receipts.read' },
    schema: {
      tags: ['admin'],
      summary: 'Receipts and credit notes as a file',
      querystring: ReceiptFilter,
      response: { ...csvFile, ...problems(401, 403, 422) },
    },
    handler: async (request, reply) => {
      const pieces = receipts.export(userOf(request), request.query)
      await receipts.noteExport(request.query)
      return sendCsv(reply, 'receipts', pieces)
    },
  })
}
