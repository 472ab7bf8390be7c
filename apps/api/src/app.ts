import type { FastifyPluginAsync, FastifyRequest } from 'fastify'

import { createPasswords } from '#modules/auth/passwords.ts'
import { authRouter } from '#modules/auth/router.ts'
import { Login, Refresh, Token } from '#modules/auth/schemas.ts'
import { createAuthService } from '#modules/auth/service.ts'
import { createTokens } from '#modules/auth/tokens.ts'
import { certificationsRouter } from '#modules/certifications/router.ts'
import { certificationsShapes } from '#modules/certifications/schemas.ts'
import { createCertificationsService } from '#modules/certifications/service.ts'
import { checkoutOrdersRouter } from '#modules/checkout/orders.router.ts'
import { checkoutPaymentsRouter } from '#modules/checkout/payments.router.ts'
import { checkoutShapes } from '#modules/checkout/schemas.ts'
import { createCheckoutService } from '#modules/checkout/service.ts'
import { checkoutTicketsRouter } from '#modules/checkout/tickets.router.ts'
import { cinemasRouter } from '#modules/cinemas/router.ts'
import { cinemasShapes } from '#modules/cinemas/schemas.ts'
import { createCinemasService } from '#modules/cinemas/service.ts'
import { genresRouter } from '#modules/genres/router.ts'
import { genresShapes } from '#modules/genres/schemas.ts'
import { createGenresService } from '#modules/genres/service.ts'
import { createGuestsService } from '#modules/guests/service.ts'
import { hallsRouter } from '#modules/halls/router.ts'
import { hallsShapes } from '#modules/halls/schemas.ts'
import { createHallsService } from '#modules/halls/service.ts'
import { healthRouter } from '#modules/health/router.ts'
import { genreMoviesRouter, moviesRouter } from '#modules/movies/router.ts'
import { moviesShapes } from '#modules/movies/schemas.ts'
import { createMoviesService } from '#modules/movies/service.ts'
import { createNotificationsService } from '#modules/notifications/service.ts'
import { createOrdersService } from '#modules/orders/service.ts'
import { paymentsShapes } from '#modules/payments/schemas.ts'
import { createPaymentsService } from '#modules/payments/service.ts'
import { peopleRouter } from '#modules/people/router.ts'
import { peopleShapes } from '#modules/people/schemas.ts'
import { createPeopleService } from '#modules/people/service.ts'
import { seatPrice } from '#modules/pricing/rules.ts'
import { createSeatsService } from '#modules/seats/service.ts'
import { sessionsRouter } from '#modules/sessions/router.ts'
import { sessionsShapes } from '#modules/sessions/schemas.ts'
import { createSessionsService } from '#modules/sessions/service.ts'
import { createTicketSigner } from '#modules/tickets/qr.ts'
import { ticketsRouter } from '#modules/tickets/router.ts'
import { ticketsShapes } from '#modules/tickets/schemas.ts'
import { createTicketsService } from '#modules/tickets/service.ts'
import { usersRouter } from '#modules/users/router.ts'
import { UserCreate, UserResponse, UserUpdate } from '#modules/users/schemas.ts'
import { createUsersService } from '#modules/users/service.ts'
import { type Clock, systemClock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import { createDb } from '#platform/db/kysely.ts'
import type { DatabaseHandle } from '#platform/db/pool.ts'
import { AppError } from '#platform/errors.ts'
import { may } from '#platform/http/access.ts'
import { declareAccess } from '#platform/http/auth.ts'
import { registerDocs } from '#platform/http/docs.ts'
import { registerOpenapi } from '#platform/http/openapi.ts'
import { createServer } from '#platform/http/server.ts'
import { forgetOldKeys } from '#platform/idempotency.ts'
import { createJobs } from '#platform/jobs.ts'
import type { Keys } from '#platform/keys.ts'
import type { Log } from '#platform/log.ts'
import { createMailer } from '#platform/mail.ts'
import { configureProvider } from './payment-provider.ts'

type Parts = { config: Config; database: DatabaseHandle; keys: Keys; log: Log; clock?: Clock }

const API = '/api/v1'
const KEYS_SWEEP_SECONDS = 3600
const REFUNDS_SWEEP_SECONDS = 300

/** The whole server, built by hand and in order: what stands here is the dependency graph. */
export const createApp = async ({ config, database, keys, log, clock = systemClock }: Parts) => {
  const db = createDb(database.pool)
  const jobs = createJobs({ database, log, supervise: config.JOBS })
  const mailer = createMailer(config)
  const passwords = createPasswords()
  const tokens = createTokens({ key: keys.tokens, clock, lifetimeSeconds: config.ACCESS_TOKEN_SECONDS })

  const users = createUsersService({ db })
  const auth = createAuthService({ db, users, passwords, tokens, key: keys.tokens, refreshSeconds: config.REFRESH_TOKEN_SECONDS })
  const guests = createGuestsService({ db })
  const people = createPeopleService({ db })
  const genres = createGenresService({ db })
  const certifications = createCertificationsService({ db })
  const movies = createMoviesService({ db, people, genres, certifications })
  const cinemas = createCinemasService({ db })
  const halls = createHallsService({ db, cinemas })
  const sessions = createSessionsService({ db, movies, halls, cinemas, seatPrice, cleaningMinutes: config.CLEANING_MINUTES })

  const notifications = createNotificationsService({ db, mailer, publicUrl: config.PUBLIC_URL })
  const bank = configureProvider({ config, keys, pool: database.pool, clock, log })
  const payments = createPaymentsService({ db, jobs, provider: bank.provider })
  const seats = createSeatsService()
  const orders = createOrdersService()
  const tickets = createTicketsService({ db })
  const signTicket = createTicketSigner(keys.tickets)
  const checkout = createCheckoutService({
    db,
    pool: database.pool,
    log,
    jobs,
    sessions,
    halls,
    seats,
    orders,
    tickets,
    payments,
    notifications,
    signTicket,
    rules: config,
  })

  jobs.handle('mail.order', checkout.orderMail)
  jobs.handle('payments.refund', checkout.refund)
  jobs.every(config.SWEEP_SECONDS, 'expire orders', checkout.sweep.expire)
  jobs.every(config.SWEEP_SECONDS, 'complete payments', checkout.sweep.complete)
  jobs.every(config.SWEEP_SECONDS, 'reap payments', checkout.sweep.reap)
  jobs.every(REFUNDS_SWEEP_SECONDS, 'retry forgotten refunds', checkout.sweep.refunds)
  jobs.every(KEYS_SWEEP_SECONDS, 'forget old idempotency keys', () => forgetOldKeys(db))

  const server = await createServer(config, log)
  await registerOpenapi(server)
  const shapes = [
    UserCreate,
    UserUpdate,
    UserResponse,
    Token,
    Login,
    Refresh,
    ...genresShapes,
    ...peopleShapes,
    ...certificationsShapes,
    ...moviesShapes,
    ...cinemasShapes,
    ...hallsShapes,
    ...sessionsShapes,
    ...ticketsShapes,
    ...paymentsShapes,
    ...checkoutShapes,
  ]
  for (const shape of shapes) server.addSchema(shape)

  const versioned: FastifyPluginAsync = async (api) => {
    await api.register(systemA)
    await api.register(peopleRouter, { people })
    await api.register(genresRouter, { prefix: '/genres', genres })
    await api.register(certificationsRouter, { prefix: '/certifications', certifications })
    await api.register(moviesRouter, { prefix: '/movies', movies })
    await api.register(genreMoviesRouter, { prefix: '/genres', movies })
    await api.register(cinemasRouter, { prefix: '/cinemas', cinemas })
    await api.register(hallsRouter, { halls })
    await api.register(sessionsRouter, { prefix: '/sessions', sessions })
    await api.register(checkoutOrdersRouter, { prefix: '/orders', checkout })
  }

  // The paths of an event shop: under /api/v1 like all others, and without version for its older clients.
  const systemA: FastifyPluginAsync = async (api) => {
    await api.register(authRouter, { prefix: '/auth', auth, users })
    await api.register(usersRouter, { prefix: '/users', users })
    await api.register(ticketsRouter, { prefix: '/tickets', tickets })
    await api.register(checkoutTicketsRouter, { prefix: '/tickets', checkout })
    await api.register(checkoutPaymentsRouter, { prefix: '/payments', checkout, tickets })
  }

  const docsGuard = async (request: FastifyRequest) => {
    const [, token = ''] = (request.headers.authorization ?? '').split(' ')
    if (!may(await tokens.actorOf(token), 'docs.read'))
      throw new AppError(403, 'auth.forbidden', 'The documentation is for staff here.')
  }

  await server.register(async (api) => {
    declareAccess(api, { userByToken: tokens.actorOf, guestByToken: guests.byToken })
    await api.register(healthRouter, { db, jobsRunning: jobs.isWorking, mailConfigured: config.SMTP_URL !== undefined })
    await api.register(versioned, { prefix: API })
    await api.register(systemA)
  })
  await server.register(registerDocs, { guard: config.DOCS_ACCESS === 'staff' ? docsGuard : undefined })
  server.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'))
  await server.ready()

  return {
    server,
    db,
    tokens,
    guests,
    checkout,
    signTicket,
    passwords,
    open: jobs.open,
    work: async () => {
      await jobs.work()
      bank.start()
    },
    close: async () => {
      await server.close()
      await bank.stop()
      await jobs.close()
      mailer.close()
    },
  }
}
export type App = Awaited<ReturnType<typeof createApp>>
