import { setTimeout as sleep } from 'node:timers/promises'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import { isProviderRefused, isProviderUnavailable } from '../../errors.ts'
import { createFaults, type Faults } from './faults.ts'
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
const HANG_MS = 30_000
const SLOW_MS = 3_000
const REFUSALS: Record<string, number> = { not_found: 404, idempotency_mismatch: 409 }

const failure = (statusCode: number, code: string) => Object.assign(new Error(code), { statusCode, code })
const hang = (ms = HANG_MS) => sleep(ms, undefined, { ref: false })

/** Faults before the effect stop the request; those after it wait for the ledger's answer and then spoil it. */
const addFaults = (app: FastifyInstance, faults: Faults) => {
  const struckLater = new WeakMap<FastifyRequest, shapes.CallFault>()
  app.addHook('preHandler', async (request, reply) => {
    const operation = OPERATIONS[`${request.method} ${request.routeOptions.url}`]
    const fault = operation && faults.forCall(operation)
    if (fault?.kind === 'error_500') throw failure(500, 'internal')
    if (fault?.kind === 'rate_limit_429') throw failure(429, 'rate_limited')
    if (fault?.kind === 'timeout_before') {
      reply.hijack()
      await hang(fault.ms)
      request.raw.socket.destroy()
      return reply
    }
    if (fault) struckLater.set(request, fault)
    return undefined
  })
  app.addHook('onSend', async (request, _reply, payload) => {
    const fault = struckLater.get(request)
    if (fault?.kind === 'slow') await sleep(fault.ms ?? SLOW_MS)
    if (fault?.kind === 'timeout_after') await hang(fault.ms)
    if (fault?.kind === 'timeout_after') request.raw.socket.destroy()
    if (fault?.kind === 'reset') request.raw.socket.resetAndDestroy()
    return payload
  })
}

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
    handler: async (request) => ({ items: await ledger.journal(request.query.after, request.query.limit) }),
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
  addFaults(app, faults)
  app.get('/health', async () => ({ status: 'ok' }))
  app.register(intentRoutes, { ledger })
  app.register(faultRoutes, { faults })
  return app
}
