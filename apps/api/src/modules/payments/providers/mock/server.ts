import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import { isProviderRefused, isProviderUnavailable } from '../../errors.ts'
import { createFaults, type Faults } from './faults.ts'
import { addFaults, failure } from './faulty-server.ts'
import type { MockLedger } from './ledger.ts'
import * as shapes from './schemas.ts'

type Options = {
  ledger: MockLedger
  faults?: Faults
  /** When given, every call but `GET /health` must bring it as a bearer token. */
  key?: string | undefined
  onError?: (error: unknown) => void
}

const OPERATIONS: Record<string, shapes.Operation> = {
  'POST /intents': 'charge',
  'POST /intents/:id/confirm': 'confirm',
  'GET /intents': 'find',
  'POST /intents/:id/cancel': 'cancel',
  'POST /refunds': 'refund',
}
const REFUSALS: Record<string, number> = { not_found: 404, idempotency_mismatch: 409 }

const createErrorHandler =
  (onError: (error: unknown) => void) => (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
    const send = (status: number, code: string) => reply.code(status).send({ code, message: error.message })
    const { code, statusCode, validation } = error
    if (isProviderRefused(error)) return send(REFUSALS[code] ?? 422, code)
    if (isProviderUnavailable(error)) return send(504, 'timeout')
    if (validation) return send(422, 'invalid_request')
    if (statusCode !== undefined) return send(statusCode, code)
    onError(error)
    return reply.code(500).send({ code: 'internal', message: 'The mock provider failed.' })
  }

const answers = <T>(schema: T) => ({ 200: schema, '4xx': shapes.Problem, '5xx': shapes.Problem })
const ById = Type.Object({ id: Type.String() })
const ByPayment = Type.Object({ payment_id: Type.Integer({ minimum: 1 }) })
const Page = Type.Object({
  after: Type.Integer({ default: 0 }),
  limit: Type.Integer({ default: 1_000, minimum: 1, maximum: 10_000 }),
  from: Type.String({ format: 'date-time', default: '1970-01-01T00:00:00Z' }),
  to: Type.String({ format: 'date-time', default: '9000-01-01T00:00:00Z' }),
})

const intentRoutes: FastifyPluginAsyncTypebox<{ ledger: MockLedger }> = async (app, { ledger }) => {
  app.post('/intents', {
    schema: { body: shapes.IntentCreate, response: answers(shapes.Intent) },
    handler: (request) => ledger.charge(request.body),
  })
  app.post('/intents/:id/confirm', {
    schema: { params: ById, body: shapes.IntentConfirm, response: answers(shapes.Intent) },
    handler: (request) => ledger.confirm(request.params.id, request.body.card_token),
  })
  app.get('/intents', {
    schema: { querystring: ByPayment, response: answers(shapes.Intents) },
    handler: async (request) => {
      const found = await ledger.find(request.query.payment_id)
      return { items: found ? [found] : [] }
    },
  })
  app.post('/intents/:id/cancel', {
    schema: { params: ById, response: answers(shapes.Intent) },
    handler: (request) => ledger.cancel(request.params.id),
  })
  app.post('/refunds', {
    schema: { body: shapes.RefundCreate, response: answers(shapes.Refund) },
    handler: (request) => ledger.refund(request.body),
  })
  app.get('/journal', {
    schema: { querystring: Page, response: answers(shapes.Journal) },
    handler: async ({ query: { after, limit, from, to } }) => ({
      items: await ledger.journal(after, limit, { from: new Date(from), to: new Date(to) }),
    }),
  })
}

const faultRoutes: FastifyPluginAsyncTypebox<{ faults: Faults }> = async (app, { faults }) => {
  app.post('/faults', {
    schema: { body: shapes.Fault, response: answers(shapes.FaultReport) },
    handler: async (request) => {
      faults.order(request.body)
      return faults.report()
    },
  })
  app.get('/faults', { schema: { response: answers(shapes.FaultReport) }, handler: async () => faults.report() })
  app.delete('/faults', {
    schema: { response: answers(shapes.FaultReport) },
    handler: async () => {
      faults.clear()
      return faults.report()
    },
  })
}

/** The provider as the world sees it, over HTTP. Faults strike the calls of the port only, never the orders for faults. */
export const buildMockProviderServer = ({
  ledger,
  faults = createFaults(),
  key,
  onError = () => undefined,
}: Options): FastifyInstance => {
  const app = Fastify({ forceCloseConnections: true, ajv: { customOptions: { removeAdditional: false, coerceTypes: true } } })
  app.setErrorHandler(createErrorHandler(onError))
  if (key !== undefined)
    app.addHook('onRequest', async (request) => {
      if (request.url !== '/health' && request.headers.authorization !== `Bearer ${key}`) throw failure(401, 'unauthorized')
    })
  addFaults(app, faults, OPERATIONS)
  app.get('/health', async () => ({ status: 'ok' }))
  app.register(intentRoutes, { ledger })
  app.register(faultRoutes, { faults })
  return app
}
