import type { CheckoutService } from '#modules/checkout/service.ts'
import type { HallsService } from '#modules/halls/service.ts'
import { text } from '#modules/movies/rules.ts'
import type { MoviesService } from '#modules/movies/service.ts'
import { readMoment } from '#modules/sessions/rules.ts'
import type { SessionUpdate } from '#modules/sessions/schemas.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import { AppError } from '#platform/errors.ts'
import type { Buyer, SignedIn } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { Attempt } from '#platform/idempotency.ts'
import { toMinor } from '#platform/money.ts'
import { searchTerms } from '#platform/search-text.ts'
import { containing } from '#platform/text.ts'
import { eventNotFound, noHall, seatNotFound, tooFar } from './errors.ts'
import { createFoldTexts } from './fold.ts'
import * as repository from './repository.ts'
import type { Event, EventCreate, EventQuery, EventSeats, EventTicket, EventUpdate } from './schemas.ts'
import { createTexts } from './texts.ts'

type Deps = {
  db: Db
  movies: MoviesService
  halls: HallsService
  sessions: SessionsService
  checkout: CheckoutService
  /** The hall of new events; without one, the first that is open round the clock. */
  hallId: number | undefined
}

const LAST_YEAR = 2200
const MS_PER_MINUTE = 60_000

/** The flat face of a session and its movie. */
export const createEventsService = ({ db, movies, halls, sessions, checkout, hallId }: Deps) => {
  const texts = createTexts(movies)

  const get = async (id: number): Promise<Event> => {
    const event = await repository.findEvent(db, id)
    if (!event) throw eventNotFound()
    return event
  }

  const hallOfEvents = async (): Promise<number> => {
    const hall = hallId === undefined ? await halls.openRoundTheClock() : await halls.forSchedule(hallId)
    if (!hall?.is_active) throw noHall()
    return hall.id
  }

  const create = async (actor: SignedIn, input: EventCreate): Promise<Event> => {
    const { title, description, start_time, duration_minutes, price } = input
    const hall_id = await hallOfEvents()
    const facts = { duration_minutes, is_active: true }
    const drawn = await sessions.draftNew(actor, { hall_id, start_time, base_price: price }, facts, '/price')
    const release_year = Number(drawn.session.business_day.slice(0, 4))
    if (release_year > LAST_YEAR) throw tooFar()
    const words = description === undefined ? undefined : text(description)
    const id = await sessions.placing(drawn, async (tx) => {
      const movie = await movies.ensure(tx, { title: text(title), release_year, duration_minutes, description: words ?? '' })
      const made = await sessions.insertNew(tx, drawn, movie.id)
      if (words !== undefined && words !== movie.description) await repository.putText(tx, made, words)
      return made
    })
    return get(id)
  }

  const sessionPatch = (event: Event, { start_time, duration_minutes, price, notice }: EventUpdate): SessionUpdate => {
    const start = start_time === undefined ? event.start_time : readMoment(start_time, '/start_time')
    if (price !== undefined) toMinor(price, '/price')
    return {
      ...(start_time !== undefined && { start_time }),
      ...(notice !== undefined && { notice }),
      ...(duration_minutes !== undefined && {
        end_time: new Date(start.getTime() + duration_minutes * MS_PER_MINUTE).toISOString(),
      }),
      ...(price !== undefined && { base_price: price, vip_price: price, premium_price: price }),
    }
  }

  const update = async (actor: SignedIn, id: number, patch: EventUpdate): Promise<Event> => {
    const event = await get(id)
    const { duration_minutes } = patch
    const title = patch.title === undefined ? undefined : text(patch.title)
    const description = patch.description === undefined ? undefined : text(patch.description)
    const wish = { title, duration_minutes, description }
    const isOther = title !== undefined || duration_minutes !== undefined
    await checkout.changeSession(actor, id, sessionPatch(event, patch), {
      ...(isOther && { movie: { duration_minutes: duration_minutes ?? 0, resolve: (tx: Tx) => texts.point(tx, id, wish) } }),
      ...(description !== undefined && { also: (tx: Tx) => texts.describe(tx, id, description, event.movie_id) }),
    })
    return get(id)
  }

  /** A session that is not there is an event that is not there. */
  const asEvents = (error: unknown) =>
    error instanceof AppError && error.code === 'sessions.not_found' ? eventNotFound() : error

  const reserve = async (actor: Buyer, id: number, seat_id: number, attempt: Attempt | undefined): Promise<EventTicket> => {
    try {
      const { tickets: _, ...ticket } = await checkout.reserve(actor, { session_id: id, seat_ids: [seat_id] }, attempt)
      return { ...ticket, event_id: id, is_reserved: true }
    } catch (error) {
      if (error instanceof AppError && error.code === 'tickets.unknown_seat') throw seatNotFound()
      throw asEvents(error)
    }
  }

  return {
    get,
    create,
    update,
    reserve,
    foldTexts: createFoldTexts(db),
    list: async ({ search, sort, price_from, price_to, page, size, skip, limit, cursor, ...filters }: EventQuery) => {
      const words = search === undefined ? '' : text(search)
      const wanted = {
        ...filters,
        price_from_minor: price_from === undefined ? undefined : toMinor(price_from, '/price_from'),
        price_to_minor: price_to === undefined ? undefined : toMinor(price_to, '/price_to'),
      }
      const order = words && sort === undefined ? undefined : repository.orderOf(sort ?? 'start_time')
      const question = { list: 'events', of: { ...wanted, words, sort: sort ?? 'start_time' }, order }
      const window = readCursorPage(question, { page, size, skip, limit, cursor })
      const found = words
        ? { found: movies.foundBy(words), pattern: containing(words), patterns: searchTerms(words)?.patterns }
        : undefined
      const [rows, total] = await repository.listEvents(db, { ...wanted, search: found }, order, window)
      return toCursorList<Event>(rows, total, window)
    },
    seats: async (id: number): Promise<EventSeats> => {
      await get(id)
      const { seats } = await sessions.availableSeats(id)
      return {
        event_id: id,
        seats: seats.map(({ id: seat_id, seat_row, seat_number, seat_type, price, status }) => ({
          id: seat_id,
          event_id: id,
          seat_row,
          number: seat_number,
          seat_number: `${seat_row}-${seat_number}`,
          seat_type,
          price,
          is_reserved: status !== 'free',
        })),
      }
    },
    delete: async (actor: Buyer, id: number, options: { cancel: boolean }, attempt: Attempt | undefined) => {
      try {
        return await checkout.deleteSession(actor, id, options, attempt)
      } catch (error) {
        throw asEvents(error)
      }
    },
  }
}
export type EventsService = ReturnType<typeof createEventsService>
