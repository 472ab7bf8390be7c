import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

import fastifyStatic from '@fastify/static'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { AppError } from '../errors.ts'
import { may, type SignedIn } from './access.ts'
import { isEnrolling } from './auth.ts'

const REDOC_STYLE = 'body { margin: 0 }'
const sourceOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const policyOf = (...styles: string[]) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...styles].join(' '),
    "img-src 'self' data:",
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** What these pages' scripts write into them, as the browser names it; a test in the browser tells when an update has changed it. */
const SWAGGER_LOGO = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"
const REDOC_SCROLLBAR = "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"

const SWAGGER_CSP = policyOf(SWAGGER_LOGO)
/** Of its own styles ReDoc writes an empty element and adds the rules by script: what the policy lets in is the empty text. */
const REDOC_CSP = policyOf(sourceOf(REDOC_STYLE), sourceOf(''), REDOC_SCROLLBAR)

const REDOC_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Marquee API</title>
    <style>${REDOC_STYLE}</style>
  </head>
  <body>
    <redoc spec-url="/openapi.json"></redoc>
    <script src="/redoc/redoc.standalone.js"></script>
  </body>
</html>
`

/** For a house that shows its documentation to staff only. */
export const createDocsGuard = (actorOf: (token: string) => Promise<SignedIn>) => async (request: FastifyRequest) => {
  const [, token = ''] = (request.headers.authorization ?? '').split(' ')
  const actor = await actorOf(token)
  if (isEnrolling(actor) || !may(actor, 'docs.read'))
    throw new AppError(403, 'auth.forbidden', 'The documentation is for staff here.')
}

const WORDMARK = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 40"><rect x="2" y="8" width="30" height="24" rx="4" fill="none" stroke="#F5A524" stroke-width="3"/>` +
    `<path d="M10 20h14M10 26h9" stroke="#F5A524" stroke-width="3" stroke-linecap="round"/>` +
    `<text x="44" y="29" font-family="sans-serif" font-size="25" font-weight="700" letter-spacing="1" fill="#FBF7F0">marquee</text></svg>`,
)

// The document is always this server's own, so there is nothing to explore elsewhere.
const STYLE = '.swagger-ui .topbar { background: #14110f } .swagger-ui .topbar .download-url-wrapper { display: none }'

type Guard = (request: FastifyRequest) => Promise<void>

/** Swagger UI at /docs, ReDoc at /redoc, the document at /openapi.json; all behind the guard, when there is one. */
export const registerDocs = async (app: FastifyInstance, { guard }: { guard: Guard | undefined }) => {
  if (guard) app.addHook('onRequest', guard)
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    staticCSP: SWAGGER_CSP,
    uiConfig: { persistAuthorization: true, displayRequestDuration: true, tryItOutEnabled: true, docExpansion: 'list' },
    logo: { type: 'image/svg+xml', content: WORDMARK, href: '/docs', target: '_self' },
    theme: { title: 'Marquee API', css: [{ filename: 'marquee.css', content: STYLE }] },
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
