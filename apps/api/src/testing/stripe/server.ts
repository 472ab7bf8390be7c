import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { createFaults } from '#modules/payments/providers/mock/faults.ts'
import { addFaults } from '#modules/payments/providers/mock/faulty-server.ts'
import type { CallFault, Operation, WebhookFault } from '#modules/payments/providers/mock/schemas.ts'
import { type Bank, createBank } from './bank.ts'
import { createKeys } from './keys.ts'
import type { Page } from './objects.ts'
import { createParameterCheck, type Wire } from './parameters.ts'
import { createTelling } from './webhooks.ts'
import { invalidRequest, isRefusal, parseForm, refusal } from './wire.ts'

type Options = {
  secretKey: string
  webhookSecrets: readonly string[]
  target?: string | undefined
  /** Unix seconds. */
  now?: () => number
  async_ms?: number
  /** How long a request with a key is under way. */
  think_ms?: number
}
type Form = { [name: string]: Wire }

const OPERATIONS: Record<string, Operation> = {
  'POST /v1/payment_intents': 'charge',
  'POST /v1/payment_intents/:id/confirm': 'confirm',
  'GET /v1/payment_intents/:id': 'find',
  'POST /v1/payment_intents/:id/cancel': 'cancel',
  'POST /v1/refunds': 'refund',
}
const MESSAGES = {
  parameter_unknown: 'Received unknown parameter',
  parameter_missing: 'Missing required param',
  parameter_invalid_value: 'Invalid value for',
}

const text = (value: Wire | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
const number = (value: Wire | undefined): number | undefined => (value === undefined ? undefined : Number(value))

const bodyOf = ({ body }: FastifyRequest): string => (typeof body === 'string' ? body : '')

const pageIn = (form: Form): Page => {
  const created = typeof form['created'] === 'object' ? (form['created'] as Record<string, string>) : {}
  const between = Object.fromEntries(Object.entries(created).map(([name, value]) => [name, Number(value)]))
  return { limit: Number(form['limit'] ?? 10), starting_after: text(form['starting_after']), ...between }
}

type Call = { id: string; form: Form; bank: Bank }
type Endpoint = { method: 'GET' | 'POST'; url: string; type: string; work: (call: Call) => unknown }

/** What of Stripe's API Marquee uses. The type names what the pinned SDK allows to be said there. */
const ENDPOINTS: Endpoint[] = [
  {
    method: 'POST',
    url: '/v1/payment_intents',
    type: 'PaymentIntentCreateParams',
    work: ({ form, bank }) =>
      bank.create({
        amount: Number(form['amount']),
        currency: text(form['currency']) ?? '',
        metadata: (form['metadata'] ?? {}) as Record<string, string>,
      }),
  },
  {
    method: 'GET',
    url: '/v1/payment_intents',
    type: 'PaymentIntentListParams',
    work: ({ form, bank }) => bank.list(pageIn(form)),
  },
  { method: 'GET', url: '/v1/payment_intents/:id', type: 'PaymentIntentRetrieveParams', work: ({ id, bank }) => bank.get(id) },
  {
    method: 'POST',
    url: '/v1/payment_intents/:id/confirm',
    type: 'PaymentIntentConfirmParams',
    work: ({ id, form, bank }) => bank.confirm(id, text(form['payment_method']), text(form['return_url'])),
  },
  {
    method: 'POST',
    url: '/v1/payment_intents/:id/cancel',
    type: 'PaymentIntentCancelParams',
    work: ({ id, bank }) => bank.cancel(id),
  },
  {
    method: 'POST',
    url: '/v1/refunds',
    type: 'RefundCreateParams',
    work: ({ form, bank }) =>
      bank.refund({
        payment_intent: text(form['payment_intent']) ?? '',
        amount: number(form['amount']),
        metadata: form['metadata'] as Record<string, string> | undefined,
      }),
  },
  {
    method: 'GET',
    url: '/v1/refunds',
    type: 'RefundListParams',
    work: ({ form, bank }) => bank.listRefunds(pageIn(form), text(form['payment_intent'])),
  },
  { method: 'GET', url: '/v1/refunds/:id', type: 'RefundRetrieveParams', work: ({ id, bank }) => bank.getRefund(id) },
]

const requireKey = ({ headers }: FastifyRequest, secretKey: string) => {
  if (headers.authorization !== `Bearer ${secretKey}`)
    throw refusal(401, { type: 'invalid_request_error', message: 'Invalid API Key provided.' })
}

const sendError = (error: unknown, reply: FastifyReply) => {
  if (isRefusal(error)) return reply.code(error.status).send({ error: error.error })
  const status = (error as { statusCode?: number }).statusCode ?? 500
  return reply.code(status).send({ error: { type: 'api_error', message: String(error) } })
}

/** The person at the desk: orders misbehaviour, and does what happens in a browser or in Stripe's dashboard. */
const addDesk = (app: FastifyInstance, bank: Bank, faults: ReturnType<typeof createFaults>) => {
  app.post('/faults', async ({ body }) => {
    faults.order(body as CallFault | WebhookFault)
    return faults.report()
  })
  app.get('/faults', async () => faults.report())
  app.delete('/faults', async () => {
    faults.clear()
    return faults.report()
  })
  app.get('/journal', async () => ({ items: bank.journal }))
  app.post('/browser', async ({ body }) => {
    const { reference, card } = body as { reference: string; card: string }
    return { paid: bank.payInBrowser(reference, card) }
  })
}

/**
 * Stripe as far as Marquee speaks to it: its answers in the shapes of its published fixtures, our requests held against
 * the types of the pinned SDK, its refusals, its idempotency, its signed webhooks; and whatever can go wrong, on order.
 */
export const createLocalStripe = (options: Options) => {
  const { now = () => Math.floor(Date.now() / 1000), secretKey, async_ms = 200, think_ms = 0 } = options
  const faults = createFaults()
  const telling = createTelling({ target: options.target, secrets: options.webhookSecrets, now, faults })
  const bank = createBank({ now, tell: telling.tell, async_ms })
  const keys = createKeys(think_ms)
  const problemIn = createParameterCheck()
  const versions = new Set<string>()
  const app = Fastify({ forceCloseConnections: true })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error, _request, reply) => sendError(error, reply))
  addFaults(app, faults, OPERATIONS)
  addDesk(app, bank, faults)

  const answer = async ({ type, work, url }: Endpoint, request: FastifyRequest, reply: FastifyReply) => {
    requireKey(request, secretKey)
    versions.add(String(request.headers['stripe-version']))
    const sent = request.method === 'GET' ? (request.url.split('?')[1] ?? '') : bodyOf(request)
    const form = parseForm(sent)
    const problem = problemIn(form, type)
    if (problem) throw invalidRequest(`${MESSAGES[problem.code]}: ${problem.param}`, { ...problem })
    const { id = '' } = request.params as { id?: string }
    const key = request.method === 'POST' ? text(request.headers['idempotency-key']) : undefined
    const { status, body, isReplayed } = await keys.execute(key, `${url} ${id} ${sent}`, () => work({ id, form, bank }))
    if (isReplayed) reply.header('idempotent-replayed', 'true')
    return reply.header('request-id', `req_${Date.now()}`).code(status).send(body)
  }
  for (const endpoint of ENDPOINTS)
    app.route({ method: endpoint.method, url: endpoint.url, handler: (request, reply) => answer(endpoint, request, reply) })

  return {
    app,
    bank,
    faults,
    keepFailures: keys.keepFailures,
    told: telling.sent,
    /** Every API version that we were asked for. */
    versions,
    close: async () => {
      await app.close()
      await telling.close()
    },
  }
}
