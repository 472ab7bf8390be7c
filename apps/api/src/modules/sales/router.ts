import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { csvFile, sendCsv } from '#platform/http/csv-file.ts'
import { problems, ref } from '#platform/http/schemas.ts'
import { OrderFilter, OrderQuery, PaymentFilter, PaymentQuery, RefundFilter, SaleOrderList, SalePaymentList } from './schemas.ts'
import type { SalesService } from './service.ts'

const tags = ['admin']
const config = { access: 'sales.read' as const }

type Plugin = FastifyPluginAsyncTypebox<{ sales: SalesService }>

const lists: Plugin = async (app, { sales }) => {
  app.get('/orders', {
    config,
    schema: { tags, summary: 'Orders, newest first', querystring: OrderQuery, response: { 200: ref(SaleOrderList) } },
    handler: (request) => sales.orders(userOf(request), request.query),
  })

  app.get('/payments', {
    config,
    schema: { tags, summary: 'Payments, newest first', querystring: PaymentQuery, response: { 200: ref(SalePaymentList) } },
    handler: (request) => sales.payments(userOf(request), request.query),
  })
}

const files: Plugin = async (app, { sales }) => {
  app.get('/orders/export', {
    config,
    schema: { tags, summary: 'Orders as a file', querystring: OrderFilter, response: { ...csvFile, ...problems(422) } },
    handler: async (request, reply) => {
      const pieces = sales.exportOrders(userOf(request), request.query)
      await sales.noteExport('orders', request.query)
      return sendCsv(reply, 'orders', pieces)
    },
  })

  app.get('/payments/export', {
    config,
    schema: { tags, summary: 'Payments as a file', querystring: PaymentFilter, response: { ...csvFile, ...problems(422) } },
    handler: async (request, reply) => {
      const pieces = sales.exportPayments(userOf(request), request.query)
      await sales.noteExport('payments', request.query)
      return sendCsv(reply, 'payments', pieces)
    },
  })

  app.get('/refunds/export', {
    config,
    schema: { tags, summary: 'Refunds as a file', querystring: RefundFilter, response: { ...csvFile, ...problems(422) } },
    handler: async (request, reply) => {
      const pieces = sales.exportRefunds(userOf(request), request.query)
      await sales.noteExport('refunds', request.query)
      return sendCsv(reply, 'refunds', pieces)
    },
  })
}

export const salesRouter: Plugin = async (app, { sales }) => {
  await app.register(lists, { sales })
  await app.register(files, { sales })
}
