import { randomInt } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { TicketCreate, TicketCreated } from '#modules/checkout/schemas.ts'
import type { HallsService } from '#modules/halls/service.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import { notEnough } from '#modules/seats/errors.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { sessionNotFound } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { type Db, translate } from '#platform/db/kysely.ts'
import type { Pool } from '#platform/db/pool.ts'
import { AppError, tryAgainLater } from '#platform/errors.ts'
import type { Buyer } from '#platform/http/access.ts'
import type { Attempt } from '#platform/idempotency.ts'
import type { Touch } from '#platform/realtime.ts'
import type { AddSeats } from './add.ts'
import { requireChannel } from './channel.ts'
import type { CheckoutOffers } from './offers.ts'
import { compose, draftReservation, type HoldRules } from './reservation.ts'
import type { ReserveAnswers } from './reserve-answers.ts'
import { runReserve } from './reserve.statement.ts'
import { type Ground, priceNew, priceSeats, requireOneWay, requireTotal } from './selection.ts'

type Deps = {
  db: Db
  pool: Pool
  sessions: SessionsService
  halls: HallsService
  seats: SeatsService
  pricing: PricingService
  offers: CheckoutOffers
  answers: ReserveAnswers
  add: AddSeats
  touch: Touch
  rules: HoldRules
}
type Body = TicketCreate & { best: NonNullable<TicketCreate['best']> }

/** While seats are left somebody gets some in each round of a contest, so only time may end it. */
const WITHIN_MS = 8_000

/** Where a choice was lost lately, the next ones are drawn from so many of the best places, so that rivals do not march in step. */
const SPREAD = 24
const CONTESTED_FOR_MS = 2_000
const MAX_CONTESTED = 10_000

const LOST = ['tickets.seats_taken', 'sessions.changed']

/** Chooses the best free seats and holds them; when others were quicker it chooses anew, as long as there are enough. */
export const createReserveBest = ({ db, pool, sessions, halls, seats, pricing, offers, answers, add, touch, rules }: Deps) => {
  const contested = new LRUCache<number, true>({ max: MAX_CONTESTED, ttl: CONTESTED_FOR_MS })

  const groundOf = async (owner: Buyer, { session_id, channel }: Body): Promise<Ground> => {
    const session = await sessions.forBooking(session_id, { fresh: true })
    if (!session) throw sessionNotFound()
    requireChannel(owner, session, channel)
    const [plan, book] = await Promise.all([halls.plan(session.hall_id, session.plan_version), pricing.bookOf(session)])
    return { session, plan, book }
  }

  const chooseFrom = (ground: Ground, occupied: number[], body: Body) => {
    const { session, plan } = ground
    const places = contested.has(session.id) ? SPREAD : 1
    const found = seats.choose(plan, occupied, body.best, { places, draw: (below) => randomInt(Math.max(1, below)) })
    return 'available' in found
      ? found
      : {
          lines: priceSeats(
            ground,
            found.seats.flatMap(({ id }) => plan.byId.get(id) ?? []),
            body,
          ),
        }
  }

  const refuse = async (session_id: number, available: number, attempt: Attempt | undefined) => {
    const explained = await answers.afterRefusal('closed', session_id, attempt)
    if (explained) return explained
    throw notEnough(available)
  }

  /** Looks and writes on one connection: waiting for a second one would make the look old before it is used. */
  const hold = async (owner: Buyer, ground: Ground, body: Body, attempt: Attempt | undefined) => {
    const offered = await offers.read(owner, body)
    const client = await pool.connect().catch((error: unknown) => {
      throw translate(error)
    })
    try {
      const chosen = chooseFrom(ground, await seats.occupiedOn(client, body.session_id), body)
      if ('available' in chosen) return { verdict: 'short' as const, available: chosen.available }
      const { lines } = chosen
      const wish = priceNew(ground, lines, body.channel, offers.weigh(offered, ground.session, lines))
      requireTotal(body.expected_total, wish.priced.total_minor)
      const watch = seats.unwatched(lines.map(({ id }) => id))
      const reservation = draftReservation(
        { ...wish, promo_code: body.promo_code, owner, session: ground.session, attempt, watch },
        rules,
      )
      const made = await runReserve(client, reservation)
      if (made.verdict !== 'ok') return made
      touch(db, [body.session_id])
      return { verdict: made.verdict, answer: compose(made, reservation) }
    } finally {
      client.release()
    }
  }

  const holdNew = async (owner: Buyer, body: Body, attempt: Attempt | undefined) => {
    const ground = await groundOf(owner, body)
    const made = await hold(owner, ground, body, attempt)
    if (made.verdict === 'ok') return made.answer
    if (made.verdict === 'short') return refuse(body.session_id, made.available, attempt)
    if (made.verdict === 'collision' || made.verdict === 'used_up') return undefined
    if (made.verdict !== 'taken' && made.verdict !== 'lost') return answers.afterRefusal(made.verdict, body.session_id, attempt)
    contested.set(body.session_id, true)
    return undefined
  }

  const addTo = async (owner: Buyer, order_id: number, body: Body, attempt: Attempt | undefined) => {
    const { session_id, expected_total } = body
    const ground = await groundOf(owner, body)
    const chosen = chooseFrom(ground, await seats.occupiedOn(pool, session_id), body)
    if ('available' in chosen) return refuse(session_id, chosen.available, attempt)
    const seat_ids = chosen.lines.map(({ id }) => id)
    try {
      const ticket_types = chosen.lines.map(({ ticket_type }) => ticket_type)
      const wish = { session_id, seat_ids, ticket_types, ...(expected_total !== undefined && { expected_total }) }
      await add(owner, order_id, wish, attempt, { isChosen: true })
    } catch (error) {
      if (!(error instanceof AppError) || !LOST.includes(error.code)) throw error
      contested.set(session_id, true)
      return undefined
    }
    return answers.answerFor(order_id, { session_id, seat_ids })
  }

  return async (owner: Buyer, body: Body, attempt: Attempt | undefined): Promise<TicketCreated> => {
    requireOneWay(body)
    seats.requireWhole(body.best, '/best/count')
    const deadline = performance.now() + WITHIN_MS
    const earlier = await answers.repeated(attempt)
    if (earlier) return earlier
    do {
      const answer =
        body.order_id === undefined ? await holdNew(owner, body, attempt) : await addTo(owner, body.order_id, body, attempt)
      if (answer) return answer
    } while (performance.now() < deadline)
    throw tryAgainLater('server.busy', 'These seats are in great demand. Try again in a moment.', 1)
  }
}
