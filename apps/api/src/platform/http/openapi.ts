import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'

import { version } from '../version.ts'

const DESCRIPTION = `Find a film, hold seats, pay, walk in.

Money is a JSON number in major units. Times are ISO 8601. Failures are \`application/problem+json\` with a stable \`code\`.
Operations that hold, charge, refund or cancel take an optional \`Idempotency-Key\` header: repeat a request with the same key and it has one effect.`

/** Aliases without version and pages are not part of the contract. */
const DOCUMENTED = /^\/(api\/v1|health|\.well-known)(\/|$)/

const TAGS = {
  auth: 'Register, sign in, stay signed in.',
  guests: 'Buy without an account, and take what was bought to one.',
  users: 'The own account.',
  admin: 'Accounts of others, what roles may do, and what has been done.',
  movies: 'Films and what describes them.',
  genres: 'Genres.',
  people: 'Directors and stars.',
  certifications: 'Age ratings.',
  cinemas: 'Cinemas.',
  halls: 'Halls and their seats.',
  sessions: 'Screenings: one movie in one hall at one time.',
  tickets: 'Hold, pay, cancel seats.',
  orders: 'What is paid at once.',
  payments: 'Money towards an order.',
  health: 'Is it well?',
}

const COOKIE =
  'For browsers: set when asked with `X-Marquee-Client: web`, which every change proved by it must send too. Over HTTPS its name begins with `__Host-`.'
/** What a browser proves with its refresh token. */
const REFRESHES = /\/(auth|accounts)\/(refresh|logout)$/

/** `POST /api/v1/tickets/:id/cancel` is `postTicketsByIdCancel`. */
const operationIdOf = (method: string, url: string) =>
  url
    .replace(/^\/api\/v1/, '')
    .replace(/^\/\.well-known\/(\w+)\.json$/, '/$1')
    .split(/[/-]/)
    .filter(Boolean)
    .map((part) =>
      part.startsWith(':') ? `By${part.charAt(1).toUpperCase()}${part.slice(2)}` : part.charAt(0).toUpperCase() + part.slice(1),
    )
    .join('')
    .replace(/^/, method.toLowerCase())

type Query = { required?: string[]; properties?: Record<string, object> }

/** What has a default need not be sent; the validator fills it in before it asks whether it is there. */
const withDefaults = (query: Query): Query => {
  const required = (query.required ?? []).filter((name) => !('default' in (query.properties?.[name] ?? {})))
  return { ...query, required }
}

/** Collects the document from the routes; registered before them. */
export const registerOpenapi = async (app: FastifyInstance) => {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Marquee API',
        version,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'This server' }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          password: { type: 'oauth2', flows: { password: { tokenUrl: '/api/v1/auth/login', scopes: {} } } },
          guest: { type: 'apiKey', in: 'header', name: 'X-Guest-Token', description: 'From `POST /api/v1/guests`.' },
          guest_cookie: { type: 'apiKey', in: 'cookie', name: 'marquee_guest', description: COOKIE },
          refresh_cookie: { type: 'apiKey', in: 'cookie', name: 'marquee_refresh', description: COOKIE },
          order_key: {
            type: 'apiKey',
            in: 'header',
            name: 'X-Order-Key',
            description: 'The `key` of the link in a mail: opens this one order and its tickets, and cancels them.',
          },
        },
      },
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => (typeof json['$id'] === 'string' ? json['$id'] : `shape-${index}`),
    },
    transform: ({ schema, url, route }) => {
      const access = route.config?.access ?? 'public'
      const signedIn = [{ bearer: [] }, { password: [] }]
      const buyer = [...signedIn, { guest: [] }, { guest_cookie: [] }]
      const holder = [...buyer, { order_key: [] }]
      const proofs: Record<string, Record<string, string[]>[]> = { public: [], provider: [], buyer, holder }
      const ofAccess = proofs[access] ?? signedIn
      const ofBrowser = access === 'public' ? [{}, { refresh_cookie: [] }] : [...ofAccess, { refresh_cookie: [] }]
      const security = REFRESHES.test(url) ? ofBrowser : ofAccess
      const hide = schema?.hide ?? !DOCUMENTED.test(url)
      const operationId = operationIdOf(String(route.method), url)
      const query = schema?.querystring as Query | undefined
      const querystring = query && { querystring: withDefaults(query) }
      const described = {
        ...schema,
        ...querystring,
        hide,
        operationId,
        security,
        'x-access': access,
        'x-reach': route.config?.reach,
      }
      return { schema: described, url }
    },
  })
}
