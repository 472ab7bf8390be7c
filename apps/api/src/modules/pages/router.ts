import { createHash } from 'node:crypto'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Clock } from '#platform/clock.ts'
import { AppError } from '#platform/errors.ts'
import { isKnown } from '#platform/http/etag.ts'
import { visitorLocale } from '#platform/http/language.ts'
import type { Picture, Web } from '#platform/http/web.ts'
import type { Locale } from '#platform/i18n.ts'
import { carry, writeHead, writeState } from './head.ts'
import type { Painter } from './painter.ts'
import type { Answer, Page, PagesService } from './service.ts'

type Asked = { locale: Locale; slug: string; request: FastifyRequest }
type Read = (asked: Asked) => Page | Promise<Page>

/** Whoever calls these wants data, whatever its header says. */
const SERVER =
  /^\/(api|auth|users|events|tickets|payments|docs|redoc|openapi\.json|graphql|health|metrics|media|storage|posters|assets)([/?]|$)/
const CINEMA = /(?:^|;\s*)marquee_cinema=(\d{1,15})(?:;|$)/
const DAY = /^[12]\d{3}-\d\d-\d\d$/

const namesHtml = ({ headers }: FastifyRequest) => /\b(text\/html|application\/xhtml\+xml)\b/i.test(headers.accept ?? '')
/** Link previews and search engines often say only that they take anything. */
const takesHtml = (request: FastifyRequest) =>
  namesHtml(request) || (!/json/i.test(request.headers.accept ?? '') && /^$|\*\/\*|text\/\*/.test(request.headers.accept ?? ''))

const shapes = new Map<string, { $ref: string }>()
const shapeNamed = (name: string) => {
  const shape = shapes.get(name) ?? { $ref: `${name}#` }
  shapes.set(name, shape)
  return shape
}

/** As the API would answer: what its shapes do not name is left out. */
const serialize = (reply: FastifyReply, { shape, body }: Answer): string =>
  (reply.compileSerializationSchema as unknown as (schema: object) => (body: unknown) => string)(shapeNamed(shape))(body)

type Draw = (request: FastifyRequest, locale: Locale, answers: string) => Promise<Picture | undefined>

const send = async (reply: FastifyReply, web: Web, { status, head, answers }: Page, locale: Locale, draw?: Draw) => {
  const carried = carry(Object.fromEntries(answers.map((answer) => [answer.path, serialize(reply, answer)])))
  const picture = await draw?.(reply.request, locale, carried)
  const page = web.write({ locale, head: writeHead(head, locale), state: writeState(carried), picture })
  const etag = `"${createHash('sha1').update(page).digest('base64url')}"`
  void reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('content-security-policy', web.policy)
    .header('cache-control', 'no-cache')
    .header('content-language', locale)
    // Weak: compressed or not, it says the same.
    .header('etag', `W/${etag}`)
    .header('vary', 'accept, accept-language, cookie')
  if (status === 200 && isKnown(reply.request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.send(page)
}

type Options = { pages: PagesService; web: Web; painter: Painter | undefined; clock: Clock }

/** What in an address changes the page, in the order in which the web app writes it. Marks of advertisers change nothing. */
const CHOICES = ['date', 'format', 'language', 'age', 'genre']

const addressOf = ({ url, query }: FastifyRequest): string => {
  const asked = query as Record<string, unknown>
  const chosen = CHOICES.flatMap((name): [string, string][] => {
    const value = asked[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  const [path = '/'] = url.split('?')
  return chosen.length > 0 ? `${path}?${new URLSearchParams(chosen).toString()}` : path
}

const dayOf = ({ query }: FastifyRequest) => {
  const { date } = query as { date?: unknown }
  return typeof date === 'string' && DAY.test(date) ? date : undefined
}

const cinemaOf = ({ headers }: FastifyRequest) => CINEMA.exec(headers.cookie ?? '')?.[1]

/** Pages that are the same for everybody who chose the same; the others are painted by the browser. */
const PAINTED = new Set(['/', '/films/:slug', '/cinemas', '/cinemas/:slug'])
const MINUTE_MS = 60_000

const pagesOf = (pages: PagesService): Record<string, Read> => ({
  '/': ({ locale, request }) => pages.home(locale, { cinema: cinemaOf(request), date: dayOf(request) }),
  '/films': ({ locale }) => pages.films(locale),
  '/films/:slug': ({ locale, slug }) => pages.film(slug, locale),
  '/cinemas': ({ locale }) => pages.cinemas(locale),
  '/cinemas/:slug': ({ locale, slug, request }) => pages.cinema(slug, locale, dayOf(request)),
  '/showing/:slug': ({ locale, slug }) => pages.showing(slug, locale),
  ...Object.fromEntries(
    ['/search', '/pay/:slug', '/order/:slug', '/account', '/account/*', '/staff', '/staff/*'].map((path) => [
      path,
      ({ locale }: Asked) => pages.own(locale),
    ]),
  ),
})

/** The web app at its addresses, each with a head of its own; every other page is one that says it does not exist. */
export const pagesRouter = async (app: FastifyInstance, { pages, web, painter, clock }: Options) => {
  const hidden = { config: { access: 'public' }, schema: { hide: true } } as const
  await web.register(app)

  const draw: Draw = async (request, language, answers) => {
    const cinema = cinemaOf(request)
    const now = Math.floor(clock.now().getTime() / MINUTE_MS) * MINUTE_MS
    const html = await painter?.({ address: addressOf(request), language, now, cinema, answers })
    return html === undefined ? undefined : { html, now, cinema }
  }

  const answer =
    (read: Read, isPainted = false) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const locale = visitorLocale(request.headers)
      const { slug = '' } = request.params as { slug?: string }
      try {
        return await send(reply, web, await read({ locale, slug, request }), locale, isPainted ? draw : undefined)
      } catch (error) {
        const isMissing = error instanceof AppError && error.status === 404
        if (!isMissing) request.log.error({ err: error }, 'a page was sent without its head')
        return send(reply, web, isMissing ? pages.missing(locale) : pages.away(locale), locale)
      }
    }

  for (const [path, read] of Object.entries(pagesOf(pages))) {
    const handler = answer(read, PAINTED.has(path))
    app.get(path, hidden, async (request, reply) => (takesHtml(request) ? handler(request, reply) : reply.callNotFound()))
  }
  const missing = answer(({ locale }) => pages.missing(locale))
  app.get('/*', hidden, async (request, reply) =>
    namesHtml(request) && !SERVER.test(request.url) ? missing(request, reply) : reply.callNotFound(),
  )

  app.get('/sitemap.xml', hidden, async (_request, reply) =>
    reply
      .type('application/xml; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(await pages.sitemap()),
  )
  app.get('/robots.txt', hidden, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').header('cache-control', 'public, max-age=3600').send(pages.robots()),
  )
}
