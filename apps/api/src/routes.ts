import type { FastifyInstance, FastifyPluginAsync } from 'fastify'

import { auditRouter } from '#modules/audit/router.ts'
import { auditShapes } from '#modules/audit/schemas.ts'
import type { AuditService } from '#modules/audit/service.ts'
import { accountShapes } from '#modules/auth/accounts/account.schemas.ts'
import { activationRouter, emailRouter, passwordRouter } from '#modules/auth/accounts/accounts.router.ts'
import type { AccountsService } from '#modules/auth/accounts/accounts.ts'
import { authUsersRouter } from '#modules/auth/accounts/me.router.ts'
import { myAccountRouter } from '#modules/auth/accounts/my-account.router.ts'
import { authRouter } from '#modules/auth/router.ts'
import { Login, Token } from '#modules/auth/schemas.ts'
import type { AuthService } from '#modules/auth/service.ts'
import { createWebSignIn } from '#modules/auth/web.ts'
import { certificationsRouter } from '#modules/certifications/router.ts'
import { certificationsShapes } from '#modules/certifications/schemas.ts'
import type { CertificationsService } from '#modules/certifications/service.ts'
import { checkoutGuestsRouter } from '#modules/checkout/guests.router.ts'
import { checkoutPaymentsRouter } from '#modules/checkout/pay/payments.router.ts'
import type { CheckoutService } from '#modules/checkout/service.ts'
import { checkoutSessionsRouter } from '#modules/checkout/sessions/sessions.router.ts'
import { checkoutTicketsRouter } from '#modules/checkout/tickets.router.ts'
import { cinemasRouter } from '#modules/cinemas/router.ts'
import { cinemasShapes } from '#modules/cinemas/schemas.ts'
import type { CinemasService } from '#modules/cinemas/service.ts'
import { eventsRouter } from '#modules/events/router.ts'
import { eventsShapes } from '#modules/events/schemas.ts'
import type { EventsService } from '#modules/events/service.ts'
import { genresRouter } from '#modules/genres/router.ts'
import { genresShapes } from '#modules/genres/schemas.ts'
import type { GenresService } from '#modules/genres/service.ts'
import { guestsRouter } from '#modules/guests/router.ts'
import { guestsShapes } from '#modules/guests/schemas.ts'
import type { GuestsService } from '#modules/guests/service.ts'
import { hallsRouter } from '#modules/halls/router.ts'
import { hallsShapes } from '#modules/halls/schemas.ts'
import type { HallsService } from '#modules/halls/service.ts'
import { genreMoviesRouter, moviesRouter } from '#modules/movies/router.ts'
import { moviesShapes } from '#modules/movies/schemas.ts'
import type { MoviesService } from '#modules/movies/service.ts'
import { ticketPapersRouter } from '#modules/papers/router.ts'
import type { PapersService } from '#modules/papers/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import { peopleRouter } from '#modules/people/router.ts'
import { peopleShapes } from '#modules/people/schemas.ts'
import type { PeopleService } from '#modules/people/service.ts'
import { adminPrivacyRouter, myPrivacyRouter } from '#modules/privacy/router.ts'
import { privacyShapes } from '#modules/privacy/schemas.ts'
import type { PrivacyService } from '#modules/privacy/service.ts'
import { reviewsRouter } from '#modules/reviews/router.ts'
import { reviewsShapes } from '#modules/reviews/schemas.ts'
import type { ReviewsService } from '#modules/reviews/service.ts'
import { searchRouter } from '#modules/search/router.ts'
import { searchShapes } from '#modules/search/schemas.ts'
import type { SearchService } from '#modules/search/service.ts'
import type { LiveSeats } from '#modules/seats/realtime.ts'
import { liveRouter, sessionSeatsRouter } from '#modules/seats/router.ts'
import { seatsShapes } from '#modules/seats/schemas.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { movieSessionsRouter, sessionsRouter } from '#modules/sessions/router.ts'
import { sessionsShapes } from '#modules/sessions/schemas.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { myAccessRouter, staffRouter } from '#modules/staff/router.ts'
import { staffShapes } from '#modules/staff/schemas.ts'
import type { StaffService } from '#modules/staff/service.ts'
import { statisticsRouter } from '#modules/statistics/router.ts'
import type { StatisticsService } from '#modules/statistics/service.ts'
import { sessionCheckInsRouter, ticketsRouter } from '#modules/tickets/router.ts'
import { ticketsShapes } from '#modules/tickets/schemas.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { avatarRouter, myProfileRouter, profileRouter } from '#modules/users/profile.router.ts'
import { profileShapes } from '#modules/users/profile.schemas.ts'
import type { ProfilesService } from '#modules/users/profile.ts'
import { usersRouter } from '#modules/users/router.ts'
import { usersShapes } from '#modules/users/schemas.ts'
import type { UsersService } from '#modules/users/service.ts'
import type { WebCookies } from '#platform/http/cookies.ts'
import type { Origins } from '#platform/http/origins.ts'
import { speakWebSocket } from '#platform/http/websocket.ts'
import { type MoneyServices, moneyShapes, registerMoney } from './money-routes.ts'
import { type Prices, priceShapes, registerPrices } from './price-routes.ts'
import { registerKeys, registerWaysIn, type WaysIn, wayInShapes } from './ways-in.ts'

export type Services = WaysIn &
  MoneyServices &
  Prices & {
    auth: AuthService
    accounts: AccountsService
    profiles: ProfilesService
    users: UsersService
    staff: StaffService
    audit: AuditService
    guests: GuestsService
    people: PeopleService
    genres: GenresService
    certifications: CertificationsService
    movies: MoviesService
    search: SearchService
    cinemas: CinemasService
    halls: HallsService
    sessions: SessionsService
    seats: SeatsService
    tickets: TicketsService
    payments: PaymentsService
    checkout: CheckoutService
    papers: PapersService
    reviews: ReviewsService
    statistics: StatisticsService
    privacy: PrivacyService
    events: EventsService
    live: LiveSeats
  }

/** What browsers keep for us, and whom we believe that it is them. */
export type Web = WebCookies & { origins: Origins; avatarBytes: number }

const API = '/api/v1'

/** Every shape that routes refer to, by its `$id`. */
export const shapes: object[] = [
  ...usersShapes,
  Token,
  Login,
  ...wayInShapes,
  ...accountShapes,
  ...profileShapes,
  ...staffShapes,
  ...auditShapes,
  ...guestsShapes,
  ...genresShapes,
  ...peopleShapes,
  ...certificationsShapes,
  ...moviesShapes,
  ...searchShapes,
  ...cinemasShapes,
  ...hallsShapes,
  ...priceShapes,
  ...sessionsShapes,
  ...seatsShapes,
  ...ticketsShapes,
  ...moneyShapes,
  ...eventsShapes,
  ...reviewsShapes,
  ...privacyShapes,
]

/** Which router stands where. */
export const registerRoutes = async (app: FastifyInstance, services: Services, web: Web): Promise<void> => {
  const {
    auth,
    accounts,
    profiles,
    users,
    staff,
    audit,
    guests,
    people,
    genres,
    certifications,
    movies,
    search,
    cinemas,
    halls,
    sessions,
    seats,
    tickets,
    payments,
    checkout,
    papers,
    reviews,
    statistics,
    privacy,
    events,
    live,
  } = services

  const signIn = createWebSignIn(web)

  const watching: FastifyPluginAsync = async (api) => {
    await speakWebSocket(api, web.origins, live.close)
    await api.register(liveRouter, { live })
  }

  const versioned: FastifyPluginAsync = async (api) => {
    await api.register(systemA)
    await registerWaysIn(api, services, signIn, web)
    await api.register(authRouter, { prefix: '/accounts', auth, web: signIn })
    await api.register(activationRouter, { prefix: '/accounts', accounts })
    await api.register(emailRouter, { prefix: '/accounts/email', accounts })
    await api.register(myAccountRouter, { prefix: '/users/me', accounts, web: signIn })
    await api.register(myProfileRouter, { prefix: '/users/me', profiles })
    await api.register(myPrivacyRouter, { prefix: '/users/me', privacy, web: signIn })
    await api.register(adminPrivacyRouter, { prefix: '/admin', privacy })
    await api.register(avatarRouter, { prefix: '/users/me', profiles, maxBytes: web.avatarBytes })
    await api.register(profileRouter, { prefix: '/users', profiles })
    for (const prefix of ['/accounts/password', '/auth/password'])
      await api.register(passwordRouter, { prefix, accounts, web: signIn })
    await api.register(staffRouter, { prefix: '/admin', staff })
    await api.register(auditRouter, { prefix: '/admin/audit', audit })
    await api.register(myAccessRouter, { prefix: '/users', staff })
    await api.register(guestsRouter, { prefix: '/guests', guests, ...web })
    await api.register(checkoutGuestsRouter, { prefix: '/guests', checkout, ...web })
    await api.register(peopleRouter, { people })
    await api.register(genresRouter, { prefix: '/genres', genres })
    await api.register(certificationsRouter, { prefix: '/certifications', certifications })
    await api.register(moviesRouter, { prefix: '/movies', movies })
    await api.register(genreMoviesRouter, { prefix: '/genres', movies })
    await api.register(movieSessionsRouter, { prefix: '/movies', sessions })
    await api.register(searchRouter, { prefix: '/search', search })
    await api.register(cinemasRouter, { prefix: '/cinemas', cinemas })
    await api.register(hallsRouter, { halls })
    await registerPrices(api, services)
    await api.register(sessionsRouter, { prefix: '/sessions', sessions })
    await api.register(watching, { prefix: '/sessions' })
    await api.register(sessionSeatsRouter, { prefix: '/sessions', seats })
    await api.register(sessionCheckInsRouter, { prefix: '/sessions', tickets })
    await api.register(checkoutSessionsRouter, { prefix: '/sessions', checkout })
    await registerMoney(api, services)
    await api.register(reviewsRouter, { prefix: '/reviews', reviews })
  }

  // The paths of an event shop: under /api/v1 like all others, and without version for its older clients.
  const systemA: FastifyPluginAsync = async (api) => {
    await api.register(authRouter, { prefix: '/auth', auth, web: signIn })
    await api.register(authUsersRouter, { prefix: '/auth', users })
    await api.register(usersRouter, { prefix: '/users', users })
    await api.register(eventsRouter, { prefix: '/events', events })
    await api.register(statisticsRouter, { prefix: '/tickets', statistics })
    await api.register(ticketsRouter, { prefix: '/tickets', tickets })
    await api.register(checkoutTicketsRouter, { prefix: '/tickets', checkout })
    await api.register(ticketPapersRouter, { prefix: '/tickets', papers })
    await api.register(checkoutPaymentsRouter, { prefix: '/payments', checkout, tickets, payments })
  }

  await registerKeys(app, services)
  await app.register(versioned, { prefix: API })
  await app.register(systemA)
}
