import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

import fastifyStatic from '@fastify/static'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const REDOC_CSP =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"

const REDOC_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Marquee API</title>
  </head>
  <body style="margin: 0">
    <redoc spec-url="/openapi.json"></redoc>
    <script src="/redoc/redoc.standalone.js"></script>
  </body>
</html>
`

type Guard = (request: FastifyRequest) => Promise<void>

/** Swagger UI at /docs, ReDoc at /redoc, the document at /openapi.json; all behind the guard, when there is one. */
export const registerDocs = async (app: FastifyInstance, { guard }: { guard: Guard | undefined }) => {
  if (guard) app.addHook('onRequest', guard)
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { persistAuthorization: true, displayRequestDuration: true, tryItOutEnabled: true, docExpansion: 'list' },
    theme: { title: 'Marquee API' },
  })
  const bundle = fileURLToPath(import.meta.resolve('redoc/bundles/redoc.standalone.js'))
  await app.register(fastifyStatic, { root: dirname(bundle), serve: false })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(app.swagger()),
  )
  app.get('/redoc', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-security-policy', REDOC_CSP).type('text/html; charset=utf-8').send(REDOC_PAGE),
  )
  app.get('/redoc/redoc.standalone.js', { schema: { hide: true } }, (_request, reply) => reply.sendFile('redoc.standalone.js'))
}
