import { doorWindow } from '#modules/checkout/pay/door-window.ts'
import type { DoorRules } from '#modules/checkout/pay/settle.ts'
import type { BenefitSteps } from '#modules/checkout/reductions/benefit-steps.ts'
import type { GiveBack } from '#modules/checkout/return/give-back.ts'
import type { Returning } from '#modules/checkout/return/returning.ts'
import type { HallsService, SeatPlan } from '#modules/halls/service.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { PaymentsService } from '#modules/payments/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { holdersInside, sameHall, seatsUnplaced, sessionChanged, sessionNotFound } from '#modules/sessions/errors.ts'
import type { BookableSession, SessionsService } from '#modules/sessions/service.ts'
import type { SignTicket, TicketsService } from '#modules/tickets/service.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'
import { actorKey, type SignedIn } from '#platform/http/access.ts'
import { type Attempt, findOutcome, once } from '#platform/idempotency.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { DropHolds } from './drop-holds.ts'
import { createSwapMoney, HALL_SWAPPED, type Refunds } from './hall-swap.money.ts'
import { type Assessment, assessSwap, type SwapMove, type SwapTicket } from './hall-swap.rules.ts'
import type { HallSwap, HallSwapAsk, HallSwapPreview, HallSwapRequest } from './hall-swap.schemas.ts'
import * as statement from './hall-swap.statement.ts'
import { showAssessment, showSwap } from './hall-swap.view.ts'

type Deps = {
  db: Db
  jobs: Jobs
  halls: HallsService
  sessions: SessionsService
  orders: OrdersService
  seats: SeatsService
  tickets: TicketsService
  payments: PaymentsService
  benefits: BenefitSteps
  dropHolds: DropHolds
  giveBack: GiveBack
  returning: Returning
  signTicket: SignTicket
  rules: DoorRules
}
type Draft = Awaited<ReturnType<SessionsService['draftChange']>>
/** What is looked at outside the transaction and compared within it. */
type Drawn = { draft: Draft; session: BookableSession; from: SeatPlan; to: SeatPlan; to_version: string }

type By = { actor: string; notice: string | null }

/** Gives a session another hall while seats of the old one are held and sold. */
export const createHallSwap = (deps: Deps) => {
  const {
    db,
    jobs,
    halls,
    sessions,
    orders,
    seats,
    tickets,
    payments,
    benefits,
    dropHolds,
    giveBack,
    returning,
    signTicket,
    rules,
  } = deps

  const draw = async (id: number, hall_id: number): Promise<Drawn> => {
    const draft = await sessions.draftChange(id, { hall_id })
    if (!draft.rehoused) throw sameHall()
    const [session, to_version] = await Promise.all([
      sessions.forBooking(id, { fresh: true }),
      statement.findHallPlan(db, hall_id),
    ])
    if (!session || to_version === undefined) throw sessionNotFound()
    if (session.version !== draft.version) throw sessionChanged()
    const [from, to] = await Promise.all([halls.plan(session.hall_id, session.plan_version), halls.plan(hall_id, to_version)])
    return { draft, session, from, to, to_version }
  }

  const assess = (claims: Parameters<typeof assessSwap>[1], { from, to, session }: Drawn): Assessment =>
    assessSwap((parties, occupied) => seats.mapInto(from, to, parties, occupied), claims, session)

  const requirePlaces = ({ unplaced }: Assessment, choice: HallSwapRequest['unplaced']) => {
    const inside = unplaced.filter(({ status }) => status === 'used').map(({ id }) => id)
    if (inside.length > 0) throw holdersInside(inside)
    if (choice === 'refuse' && unplaced.length > 0) throw seatsUnplaced(unplaced.map(({ id }) => id))
  }

  const money = createSwapMoney({ orders, payments, benefits, giveBack, returning })

  const dropUnplacedHolds = async (tx: Tx, dropped: SwapTicket[], actor: string) => {
    for (const [orderId, its] of Map.groupBy(dropped, ({ order_id }) => order_id)) {
      const ids = its.map(({ id }) => id)
      await seats.releaseTickets(tx, orderId, ids)
      await dropHolds(tx, { order_ids: [orderId], ticket_ids: ids }, { actor, reason: HALL_SWAPPED, refund_reason: HALL_SWAPPED })
    }
  }

  /** New seats, new codes for those that open a door, and a line in the history of each. */
  const reseat = async (tx: Tx, { draft: { id, span } }: Drawn, { moves, house }: Assessment, actor: string) => {
    await statement.releaseBlocked(tx, id, house.released)
    await statement.moveClaims(tx, id, [
      ...moves.map(({ ticket, to }) => ({ from: ticket.seat_id, to: to.id })),
      ...house.moves.map(({ from, to }) => ({ from: from.id, to: to.id })),
    ])
    await statement.reseatTickets(tx, moves)
    await statement.renameLines(tx, id, moves)
    const window = doorWindow({ start_time: span.start, end_time: span.end }, rules.DOORS_OPEN_MINUTES)
    const issued = moves.filter(({ ticket }) => ticket.status !== 'reserved')
    await tickets.reissue(
      tx,
      issued.map(({ ticket, to }) => ({
        id: ticket.id,
        qr_code: signTicket({ ticket_id: ticket.id, session_id: id, seat_id: to.id, ...window }),
      })),
    )
    for (const status of ['reserved', 'paid', 'used'] as const) {
      const ids = moves.filter(({ ticket }) => ticket.status === status).map(({ ticket }) => ticket.id)
      await tickets.noteEvents(tx, ids, status, actor, HALL_SWAPPED)
    }
  }

  const record = async (tx: Tx, { draft, session }: Drawn, { moves, unplaced }: Assessment, refunds: Refunds, by: By) => {
    const sold = moves.filter(({ ticket }) => ticket.status !== 'reserved')
    const swap = { session_id: draft.id, old_hall_id: session.hall_id, new_hall_id: draft.hall_id, ...by }
    const lineOf = ({ ticket, to, fit }: SwapMove) => ({
      ticket_id: ticket.id,
      old_seat_id: ticket.seat_id,
      new_seat_id: to.id,
      fit,
      refund_minor: refunds.get(ticket.id) ?? 0,
    })
    const swap_id = await sessions.insertSwap(tx, swap, [
      ...sold.map(lineOf),
      ...unplaced.map(({ id, seat_id }) => ({
        ticket_id: id,
        old_seat_id: seat_id,
        new_seat_id: null,
        fit: null,
        refund_minor: refunds.get(id) ?? 0,
      })),
    ])
    const told = new Set([...sold.map(({ ticket }) => ticket), ...unplaced].map(({ order_id }) => order_id))
    await jobs.sendMany(
      tx,
      'mail.order',
      [...told].map((order_id) => ({ order_id, kind: 'hall_swapped', swap_id })),
    )
    return swap_id
  }

  const execute = async (tx: Tx, drawn: Drawn, { unplaced, notice }: HallSwapRequest, actor: string): Promise<number> => {
    const { draft, to_version } = drawn
    if (!(await sessions.lockForChange(tx, draft))) throw sessionChanged()
    if ((await statement.lockHallPlan(tx, draft.hall_id)) !== to_version) throw sessionChanged()
    const assessment = assess(await statement.lockSwapClaims(tx, draft.id), drawn)
    requirePlaces(assessment, unplaced)
    await sessions.writeChange(tx, draft, { reseats: true })
    await dropUnplacedHolds(tx, assessment.dropped, actor)
    await reseat(tx, drawn, assessment, actor)
    const refunds = await money.giveBack(tx, assessment, actor)
    return record(tx, drawn, assessment, refunds, { actor, notice: notice?.trim() ?? null })
  }

  const show = async (swapId: number): Promise<HallSwap> => {
    const swap = await sessions.findSwap(db, swapId)
    if (!swap) throw sessionNotFound()
    return showSwap(swap, await sessions.listSwapSeats(db, swapId))
  }

  return {
    /** Refuses what the swap would refuse for good; that the hall is taken is told. */
    preview: async (actor: SignedIn, id: number, { hall_id, notice }: HallSwapAsk): Promise<HallSwapPreview> => {
      await sessions.requireOwn(actor, id)
      const drawn = await draw(id, hall_id)
      const [claims, clash] = await Promise.all([statement.readSwapClaims(db, id), sessions.findClashOf(drawn.draft)])
      const assessment = assess(claims, drawn)
      return showAssessment(drawn, assessment, { clash: clash ?? null, notice, refunds: await money.quote(db, assessment) })
    },

    /** Once for its key; the answer to a repeat is that of the first. */
    swap: async (actor: SignedIn, id: number, body: HallSwapRequest, attempt: Attempt | undefined): Promise<HallSwap> => {
      await sessions.requireOwn(actor, id)
      const earlier = attempt && (await findOutcome(db, attempt))
      if (earlier) return show(earlier.id)
      const drawn = await draw(id, body.hall_id)
      if (drawn.draft.version !== body.expected_version) throw sessionChanged()
      try {
        const outcome = await once(db, attempt, async (tx) => {
          const swapId = await execute(tx, drawn, body, actorKey(actor))
          return { status: 200, kind: 'swap', id: swapId }
        })
        return await show(outcome.id)
      } catch (error) {
        throw await sessions.explainChange(drawn.draft, error)
      }
    },
  }
}
