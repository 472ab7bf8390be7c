import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'

import fastifyCookie from '@fastify/cookie'
import fastifyCors from '@fastify/cors'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import helmet from 'helmet'

import type { Config } from '../config.ts'
import { createRequestLog, type Log } from '../log.ts'
import { compressAnswers } from './compression.ts'
import { answerBrokenRequest, answerError, answerProblems } from './problem.ts'
import { requestIdOf } from './request-id.ts'
import { FieldError, Problem } from './schemas.ts'
import { createSerializerBuilder, createValidatorBuilder } from './validation.ts'
import { isUpgrade } from './websocket.ts'

const BODY_LIMIT_BYTES = 1024 * 1024
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_MS = 72_000
/** How often a server that stops looks for connections whose last answer has gone out. */
const HANG_UP_MS = 50

type Shortcut = (next: RequestListener) => RequestListener

const protection = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  frameguard: { action: 'deny' },
  // These speak to documents, to Internet Explorer and to Flash; answers of the API are none of them.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  dnsPrefetchControl: false,
  ieNoOpen: false,
  permittedCrossDomainPolicies: false,
})

/** Helmet says the same of every answer, so it is asked once. */
const readProtection = (): Record<string, string> => {
  const headers: Record<string, string> = {}
  const setHeader = (name: string, value: string) => {
    headers[name.toLowerCase()] = value
  }
  protection({} as IncomingMessage, { setHeader, removeHeader: () => undefined } as unknown as ServerResponse, () => undefined)
  return headers
}

/**
 * The logger of one request, made when it has something to say, which few have: pino looks through each new one for
 * secrets.
 */
const createRequestLogger = (log: FastifyBaseLogger, bindings: object, options: object): FastifyBaseLogger => {
  let made: FastifyBaseLogger | undefined
  const own = () => (made ??= log.child(bindings, options))
  return {
    level: log.level,
    trace: (...line: [string]) => own().trace(...line),
    debug: (...line: [string]) => own().debug(...line),
    info: (...line: [string]) => own().info(...line),
    warn: (...line: [string]) => own().warn(...line),
    error: (...line: [string]) => own().error(...line),
    fatal: (...line: [string]) => own().fatal(...line),
    silent: () => undefined,
    child: (...more) => own().child(...more),
  }
}

const guard = async (app: FastifyInstance, config: Config) => {
  const headers = readProtection()
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).headers(headers)
    done()
  })
  await app.register(fastifyCookie)
  await app.register(fastifyCors, {
    // Any other origin is told nothing at all, least of all that it may send credentials.
    origin: (origin, answer) => answer(null, origin !== undefined && config.CORS_ORIGINS.includes(origin) ? origin : false),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    credentials: true,
    exposedHeaders: ['ETag', 'Retry-After', 'X-Request-Id', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'],
  })
}

/** Node hangs up on those who are idle when it stops, but waits for whoever becomes so after that, as long as it keeps connections. */
const hangUpWhenStopping = (app: FastifyInstance) => {
  app.addHook('preClose', (done) => {
    const timer = setInterval(() => app.server.closeIdleConnections(), HANG_UP_MS)
    app.server.once('close', () => clearInterval(timer))
    timer.unref()
    done()
  })
}

type Shape = { $id: string }

/** All shapes of the server. Fastify's own buckets are copied for each plugin and each route, two hundred shapes every time. */
const createShapes = () => {
  const shapes: Record<string, Shape> = {}
  const bucket = {
    add: (shape: Shape) => {
      if (shape.$id in shapes) throw new Error(`There are two shapes named ${shape.$id}.`)
      shapes[shape.$id] = shape
    },
    getSchema: (id: string) => shapes[id],
    getSchemas: () => shapes,
  }
  return () => bucket
}

/** A server that speaks the API's manners and knows no route yet. `shortcut` may answer a request before it is looked at. */
export const createServer = async (config: Config, log: Log, shortcut: Shortcut = (next) => next) => {
  const loggerInstance: FastifyBaseLogger = log
  const app: FastifyInstance = fastify({
    serverFactory: (handler) =>
      createHttpServer(
        { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS, shouldUpgradeCallback: isUpgrade },
        shortcut(handler),
      ),
    loggerInstance,
    childLoggerFactory: createRequestLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? config.TRUSTED_PROXIES : false,
    genReqId: requestIdOf,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => void answerError(error, request as never, reply as never),
    schemaController: {
      bucket: createShapes() as never,
      compilersFactory: {
        buildValidator: createValidatorBuilder() as never,
        buildSerializer: createSerializerBuilder() as never,
      },
    },
  })
  app.addSchema(FieldError)
  app.addSchema(Problem)
  app.removeContentTypeParser('text/plain')
  answerProblems(app)
  const logRequest = createRequestLog(config)
  app.addHook('onResponse', (request, reply, done) => {
    const { url = 'unknown' } = request.routeOptions
    logRequest(request.id, { method: request.method, route: url, status: reply.statusCode, ms: reply.elapsedTime })
    done()
  })
  hangUpWhenStopping(app)
  await guard(app, config)
  await compressAnswers(app)
  return { app, logRequest }
}
