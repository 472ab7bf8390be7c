import { createAuditService } from '#modules/audit/service.ts'
import { createCertificationsService } from '#modules/certifications/service.ts'
import { createCheckoutService } from '#modules/checkout/service.ts'
import { createCinemasService } from '#modules/cinemas/service.ts'
import { createEventsService } from '#modules/events/service.ts'
import { createGenresService } from '#modules/genres/service.ts'
import { createGuestsService } from '#modules/guests/service.ts'
import { createHallsService } from '#modules/halls/service.ts'
import { healthRouter } from '#modules/health/router.ts'
import { createMoviesService } from '#modules/movies/service.ts'
import { createNotificationsService } from '#modules/notifications/service.ts'
import { createOrderKeySigner, createOrderKeyVerifier } from '#modules/orders/key.ts'
import { createOrdersService } from '#modules/orders/service.ts'
import { painterAt } from '#modules/pages/painter.ts'
import { pagesRouter } from '#modules/pages/router.ts'
import { createPagesService } from '#modules/pages/service.ts'
import { createDrawing } from '#modules/papers/drawing.ts'
import { createPapersService } from '#modules/papers/service.ts'
import { createPaymentsService } from '#modules/payments/service.ts'
import { createPeopleService } from '#modules/people/service.ts'
import { createPricingService } from '#modules/pricing/service.ts'
import { createPrivacyService } from '#modules/privacy/service.ts'
import { createReceiptsService } from '#modules/receipts/service.ts'
import { createReportsService } from '#modules/reports/service.ts'
import { createReviewsService } from '#modules/reviews/service.ts'
import { createSalesService } from '#modules/sales/service.ts'
import { createSearchService } from '#modules/search/service.ts'
import { createLiveSeats } from '#modules/seats/realtime.ts'
import { createSeatsService } from '#modules/seats/service.ts'
import { createPricedSchedule } from '#modules/sessions/priced.ts'
import { createSessionsService } from '#modules/sessions/service.ts'
import { createUpcoming } from '#modules/sessions/upcoming.ts'
import { createStatisticsService } from '#modules/statistics/service.ts'
import { createTicketSigner, createTicketVerifier } from '#modules/tickets/qr.ts'
import { createTicketsService } from '#modules/tickets/service.ts'
import { type Clock, systemClock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import { createDb } from '#platform/db/kysely.ts'
import type { DatabaseHandle } from '#platform/db/pool.ts'
import { declareAccess } from '#platform/http/auth.ts'
import { registerAvatars } from '#platform/http/avatars.ts'
import { createCatalogueCache } from '#platform/http/catalogue-cache.ts'
import { createWebCookies } from '#platform/http/cookies.ts'
import { createDocsGuard, registerDocs } from '#platform/http/docs.ts'
import { createLimits } from '#platform/http/limits.ts'
import { registerMetrics } from '#platform/http/metrics.ts'
import { registerOpenapi } from '#platform/http/openapi.ts'
import { registerPosters } from '#platform/http/posters.ts'
import { createServer } from '#platform/http/server.ts'
import { addressesBehind, createShortcut } from '#platform/http/shortcut.ts'
import { shareReadings } from '#platform/http/together.ts'
import { readWeb } from '#platform/http/web.ts'
import { createJobs } from '#platform/jobs.ts'
import type { Keys } from '#platform/keys.ts'
import type { Log } from '#platform/log.ts'
import { createMailer } from '#platform/mail.ts'
import { createRealtime } from '#platform/realtime.ts'
import { createBenefits } from './benefits.ts'
import { assignDuties } from './duties.ts'
import { createIdentity } from './identity.ts'
import { configureProvider } from './payment-provider.ts'
import { registerRoutes, type Services, shapes } from './routes.ts'

type Parts = { config: Config; database: DatabaseHandle; keys: Keys; log: Log; clock?: Clock }

/** The whole server, built by hand and in order: what stands here is the dependency graph. */
export const createApp = async ({ config, database, keys, log, clock = systemClock }: Parts) => {
  const db = createDb(database.pool)
  const jobs = createJobs({ database, log, supervise: config.JOBS })
  const mailer = createMailer(config)
  const realtime = await createRealtime({ database, redisUrl: config.REDIS_URL, log })
  const { touch } = realtime
  const identity = createIdentity({ config, db, keys, clock, jobs, log })
  const { bearers, users, accounts, storage } = identity
  const guests = createGuestsService({ db })
  const search = createSearchService({ db })
  const people = createPeopleService({ db, indexPerson: search.indexPerson })
  const genres = createGenresService({ db })
  const certifications = createCertificationsService({ db })
  const upcoming = createUpcoming({ touch })
  const orders = createOrdersService()
  const uses = { aheadOfMovie: upcoming.aheadOfMovie, countBuyers: orders.countMovieBuyers }
  const movies = createMoviesService({ db, people, genres, certifications, uses, indexMovie: search.indexMovie })
  const cinemas = createCinemasService({ db, schedule: upcoming, assign: users.assignCinema, rules: config })
  const halls = createHallsService({ db, cinemas, schedule: upcoming })
  const pricing = createPricingService({ db, cinemas, schedule: createPricedSchedule({ touch }) })
  const sessions = createSessionsService({
    db,
    movies,
    halls,
    cinemas,
    pricing,
    cleaningMinutes: config.CLEANING_MINUTES,
    touch,
  })
  const drawing = createDrawing({ db, log, publicUrl: config.PUBLIC_URL })
  const notifications = createNotificationsService({
    db,
    mailer,
    publicUrl: config.PUBLIC_URL,
    enclose: drawing.enclose,
    addresseeOf: users.addresseeOf,
    linkOf: accounts.linkOf,
  })
  const benefits = createBenefits({ config, db, clock })
  const bank = configureProvider({ config, keys, pool: database.pool, clock, log })
  const payments = createPaymentsService({ db, jobs, provider: bank.provider })
  const seats = createSeatsService({ db, pool: database.pool, halls, sessions, pricing, touch, rules: config })
  const live = createLiveSeats({ db, halls, log, limits: config })
  realtime.hear(live)
  const tickets = createTicketsService({
    db,
    sessions,
    verifyTicket: createTicketVerifier([keys.tickets, ...keys.retiredTickets]),
    doorsOpenMinutes: config.DOORS_OPEN_MINUTES,
    cutoffMinutes: config.CANCEL_CUTOFF_MINUTES,
  })
  const signTicket = createTicketSigner(keys.tickets)
  const orderByKey = createOrderKeyVerifier([keys.tickets, ...keys.retiredTickets])
  const checkout = createCheckoutService({
    db,
    clock,
    pool: database.pool,
    log,
    jobs,
    sessions,
    halls,
    seats,
    orders,
    tickets,
    ...benefits,
    pricing,
    payments,
    notifications,
    users,
    guests,
    signTicket,
    touch,
    signOrderKey: createOrderKeySigner(keys.tickets),
    orderByKey,
    publicUrl: config.PUBLIC_URL,
    rules: config,
  })
  const receipts = createReceiptsService({ db, log, cinemas, checkout })
  const papers = createPapersService({ drawing, tickets, checkout, receipts })
  const reviews = createReviewsService({ db, movies, moderated: config.REVIEWS_MODERATION })
  const statistics = createStatisticsService({ db })
  const reports = createReportsService({ db, jobs, sales: statistics.sales, keptDays: config.REPORTS_KEPT_DAYS })
  const privacy = createPrivacyService({ ...identity, db, reviews, jobs, clock, rules: config, forget: bearers.forget })
  const events = createEventsService({ db, movies, halls, sessions, checkout, hallId: config.EVENTS_HALL_ID })
  const audit = createAuditService({ db, log })
  const services: Services = {
    ...identity,
    ...benefits,
    audit,
    guests,
    people,
    genres,
    certifications,
    movies,
    search,
    cinemas,
    halls,
    pricing,
    sessions,
    seats,
    tickets,
    payments,
    checkout,
    papers,
    receipts,
    reviews,
    reports,
    sales: createSalesService({ db }),
    statistics,
    privacy,
    events,
    live,
  }
  assignDuties({ ...services, config, db, jobs, notifications })
  const webCookies = createWebCookies(config)
  const cache = createCatalogueCache()
  const shortcut = createShortcut(cache)
  const { app: server, logRequest } = await createServer(config, log, shortcut.wrap)
  const { limit, limitAddress } = createLimits(config)
  await registerOpenapi(server)
  const { observe } = registerMetrics(server, { pool: database.pool, cache, live, books: payments.standing, statistics })
  for (const shape of shapes) server.addSchema(shape)

  await server.register(async (api) => {
    const identify = { userByToken: bearers.actorOf, guestByToken: guests.byToken, orderByKey, ...webCookies }
    declareAccess(api, identify, limit)
    cache.register(api)
    shareReadings(api)
    await api.register(healthRouter, {
      db,
      jobsRunning: jobs.isWorking,
      mailConfigured: config.SMTP_URL !== undefined,
      hearsOthers: realtime.isWhole,
    })
    await registerRoutes(api, services, { origins: config, avatarBytes: config.AVATAR_MAX_BYTES, ...webCookies })
  })
  await server.register(registerDocs, { guard: config.DOCS_ACCESS === 'staff' ? createDocsGuard(bearers.actorOf) : undefined })
  await server.register(registerAvatars, { storage })
  await server.register(registerPosters, { folder: new URL('../seeds/posters/', import.meta.url) })
  const web = readWeb({ root: config.WEB_DIR, assetBase: config.ASSET_BASE_URL, paymentProvider: config.PAYMENT_PROVIDER })
  const pages = createPagesService({ db, movies, cinemas, sessions, publicUrl: config.PUBLIC_URL })
  if (web) await server.register(pagesRouter, { pages, web, clock, painter: painterAt(web.painter, log) })
  else server.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'))
  await server.ready()

  return {
    ...identity,
    ...services,
    server,
    db,
    signTicket,
    touch,
    hasWeb: web !== undefined,
    open: async () => {
      await jobs.open()
      await cache.open(database)
      await bearers.open(database)
      await realtime.open()
      shortcut.open({
        limitAddress,
        addressOf: addressesBehind(config.TRUSTED_PROXIES),
        note: (request_id, answered) => {
          logRequest(request_id, answered)
          observe(answered)
        },
      })
    },
    work: async () => {
      await jobs.work()
      bank.start()
    },
    close: async () => {
      shortcut.close()
      await server.close()
      await cache.close()
      await bearers.close()
      await bank.stop()
      await jobs.close()
      await realtime.close()
      mailer.close()
    },
  }
}
export type App = Awaited<ReturnType<typeof createApp>>
