import { LRUCache } from 'lru-cache'

import type { OrderView } from '#modules/checkout/order-view.ts'
import type { TicketCreate, TicketCreated } from '#modules/checkout/schemas.ts'
import type { HallsService } from '#modules/halls/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import { putCode } from '#modules/promotions/errors.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { sessionNotFound } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { seatsTaken } from '#modules/tickets/errors.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Pool } from '#platform/db/pool.ts'
import { tryAgainLater } from '#platform/errors.ts'
import { type Buyer, holds } from '#platform/http/access.ts'
import type { Attempt } from '#platform/idempotency.ts'
import type { Touch } from '#platform/realtime.ts'
import type { AddSeats } from './add.ts'
import { requireChannel } from './channel.ts'
import type { CheckoutOffers } from './offers.ts'
import { compose, draftReservation, type HoldRules } from './reservation.ts'
import { createReserveAnswers } from './reserve-answers.ts'
import { createReserveBest } from './reserve-best.ts'
import { runReserve } from './reserve.statement.ts'
import { type Ground, type PricedSeats, priceNew, requireTotal, type SeatLine, selectSeats } from './selection.ts'
import { findTaken } from './taken.statement.ts'

type Deps = {
  db: Db
  pool: Pool
  sessions: SessionsService
  halls: HallsService
  seats: SeatsService
  pricing: PricingService
  offers: CheckoutOffers
  payments: PaymentsService
  view: OrderView
  add: AddSeats
  touch: Touch
  rules: HoldRules
}

const ATTEMPTS = 5

/** Where somebody has just met a taken seat, others will: a cheap look before the dear statement then pays. */
const CONTESTED_FOR_MS = 5_000
const MAX_CONTESTED = 10_000

type Choice = Ground & PricedSeats
type Look = {
  /** What was cached is not trusted any more. */
  fresh: boolean
  /** The seats have been judged, and need no watch. */
  judged?: boolean
}

const idsOf = (lines: SeatLine[]) => lines.map(({ id }) => id)
const namesOf = (owner: Buyer) =>
  owner.kind === 'user' ? { user_id: owner.id, guest_id: null } : { user_id: null, guest_id: owner.id }

/** Holds seats of one session for a new order, or adds them to one. */
export const createReserve = (deps: Deps) => {
  const { db, pool, sessions, halls, seats, pricing, offers, add, touch, rules } = deps
  const answers = createReserveAnswers(deps)
  const best = createReserveBest({ ...deps, answers })
  const contested = new LRUCache<number, true>({ max: MAX_CONTESTED, ttl: CONTESTED_FOR_MS })
  const { answerFor, repeated, afterRefusal } = answers

  /** Seats that are mine already are given again, and the rest joins them; seats of others are named. */
  const explainTaken = async (
    actor: Buyer,
    sessionId: number,
    lines: SeatLine[],
    attempt: Attempt | undefined,
    expected_total: number | undefined,
  ): Promise<TicketCreated | undefined> => {
    const wanted = idsOf(lines)
    const taken = await findTaken(pool, sessionId, wanted, attempt)
    if (taken.length === 0) return undefined
    contested.set(sessionId, true)
    const earlier = taken[0]?.is_repeat && (await repeated(attempt))
    if (earlier) return earlier
    const mine = taken.find((claim) => claim.state === 'held' && holds(actor, { ...claim, id: claim.order_id ?? 0 }))?.order_id
    const others = taken.filter(({ order_id }) => order_id !== mine)
    if (!mine || others.length > 0) throw seatsTaken(others.map(({ seat_id }) => seat_id))
    const rest = lines.filter(({ id }) => !taken.some((claim) => claim.seat_id === id))
    const ticket_types = rest.map(({ ticket_type }) => ticket_type)
    const wish = {
      session_id: sessionId,
      seat_ids: idsOf(rest),
      ticket_types,
      ...(expected_total !== undefined && { expected_total }),
    }
    if (rest.length > 0) await add(actor, mine, wish, attempt)
    return answerFor(mine, { session_id: sessionId, seat_ids: wanted })
  }

  /** What was cached may show another hall or other prices than the session has now: it refuses nobody without a fresh look. */
  const choose = async (owner: Buyer, body: TicketCreate, fresh: boolean): Promise<Choice> => {
    const session = await sessions.forBooking(body.session_id, { fresh })
    if (!session) throw sessionNotFound()
    const offered = await offers.read(owner, body, { isHasty: !fresh })
    try {
      const [plan, book] = await Promise.all([halls.plan(session.hall_id, session.plan_version), pricing.bookOf(session)])
      const ground = { session, plan, book }
      requireChannel(owner, session, body.channel)
      const lines = selectSeats(body, ground)
      const wish = priceNew(ground, lines, body.channel, offers.weigh(offered, session, lines))
      requireTotal(body.expected_total, wish.priced.total_minor)
      return { ...ground, ...wish }
    } catch (error) {
      if (fresh) throw error
      return choose(owner, body, true)
    }
  }

  /** A choice that a look at a few seats could not pass is judged by the whole hall, and goes on when nothing speaks against it. */
  const judgeFirst = async (owner: Buyer, body: TicketCreate, attempt: Attempt | undefined) => {
    const explained = await afterRefusal('unclear', body.session_id, attempt)
    if (explained) return explained
    const { session, plan, priced } = await choose(owner, body, true)
    await seats.requireSound(db, { session_id: session.id, plan, seat_ids: idsOf(priced.lines), owner: namesOf(owner) })
    return tryOnce(owner, body, attempt, { fresh: false, judged: true })
  }

  /** One try: an answer, or nothing when the world had moved on and a fresh look is needed. */
  const tryOnce = async (
    owner: Buyer,
    body: TicketCreate,
    attempt: Attempt | undefined,
    { fresh, judged = false }: Look,
  ): Promise<TicketCreated | undefined> => {
    const { session, plan, ...wish } = await choose(owner, body, fresh)
    const { lines } = wish.priced
    const explained = contested.has(session.id) && (await explainTaken(owner, session.id, lines, attempt, body.expected_total))
    if (explained) return explained
    const watch = judged ? seats.unwatched(idsOf(lines)) : seats.watch(plan, idsOf(lines))
    if (watch.isUnclear) return judgeFirst(owner, body, attempt)
    const reservation = draftReservation({ ...wish, promo_code: body.promo_code, owner, session, attempt, watch }, rules)
    const made = await runReserve(pool, reservation)
    if (made.verdict === 'ok') {
      touch(db, [session.id])
      return compose(made, reservation)
    }
    if (made.verdict === 'collision' || made.verdict === 'used_up') return undefined
    if (made.verdict === 'taken' || made.verdict === 'lost')
      return explainTaken(owner, session.id, lines, attempt, body.expected_total)
    if (made.verdict === 'unclear') return judgeFirst(owner, body, attempt)
    return afterRefusal(made.verdict, session.id, attempt)
  }

  return async (owner: Buyer, body: TicketCreate, attempt: Attempt | undefined): Promise<TicketCreated> => {
    if (body.order_id !== undefined && body.promo_code !== undefined) throw putCode()
    if (body.best) return best(owner, { ...body, best: body.best }, attempt)
    if (body.order_id !== undefined) {
      const seat_ids = await add(owner, body.order_id, body, attempt)
      return answerFor(body.order_id, { session_id: body.session_id, seat_ids })
    }
    for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
      const answer = await tryOnce(owner, body, attempt, { fresh: attempts > 1 })
      if (answer) return answer
    }
    throw tryAgainLater('server.busy', 'These seats are in great demand. Try again in a moment.', 1)
  }
}
