import type { HallsService, SeatPlan } from '#modules/halls/service.ts'
import { alreadyPaid, notPending } from '#modules/orders/errors.ts'
import type { OrdersService } from '#modules/orders/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { sessionChanged, sessionNotFound } from '#modules/sessions/errors.ts'
import type { BookableSession, SessionsService } from '#modules/sessions/service.ts'
import { alreadyUsed, cancelled, notPaid, seatsTaken } from '#modules/tickets/errors.ts'
import type { Ticket } from '#modules/tickets/schemas.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import { AppError } from '#platform/errors.ts'
import type { Buyer } from '#platform/http/access.ts'
import type { LockPending } from './lock-pending.ts'
import type { OrderView } from './order-view.ts'
import type { TicketChanged, TicketUpdate } from './schemas.ts'
import { type SeatLine, selectSeats } from './selection.ts'

type Deps = {
  db: Db
  sessions: SessionsService
  halls: HallsService
  orders: OrdersService
  seats: SeatsService
  tickets: TicketsService
  view: OrderView
  lockPending: LockPending
}

const forbidden = () => new AppError(403, 'auth.forbidden', 'Only staff at the door may mark a ticket used.')
export const createChangeTicket = ({ db, sessions, halls, orders, seats, tickets, view, lockPending }: Deps) => {
  /** Takes the new seat and frees the old one, in the order in which claims are locked. */
  const swap = async (tx: Tx, { id, order_id, session_id, seat_id }: Ticket, line: SeatLine) => {
    const take = async () => {
      const got = await seats.hold(tx, order_id, [{ session_id, seat_id: line.id, ticket_id: id }])
      if (got.length === 0) throw seatsTaken([line.id])
    }
    if (line.id < seat_id) await take()
    if (!(await seats.lockHeld(tx, order_id, seat_id, session_id))) throw notPending()
    if (line.id > seat_id) await take()
    await seats.releaseSeat(tx, order_id, session_id, seat_id)
  }

  type Target = { session: BookableSession; plan: SeatPlan; line: SeatLine }

  const move = async (tx: Tx, actor: Buyer, ticket: Ticket, { session, plan, line }: Target) => {
    const locked = await sessions.lockForBooking(tx, session.id)
    if (!locked?.is_bookable) throw (await sessions.whyClosed(tx, session.id)) ?? sessionNotFound()
    if (locked.version !== session.version) throw sessionChanged()
    const order = await lockPending(tx, actor, ticket.order_id)
    const current = (await tickets.lockLive(tx, ticket.order_id)).find(({ id }) => id === ticket.id)
    if (current?.status !== 'reserved') throw notPending()
    if (current.seat_id === line.id) return
    const place = { session_id: session.id, plan, seat_ids: [line.id], leaving: current.seat_id }
    await seats.requireSound(tx, { ...place, owner: order })
    await swap(tx, { ...ticket, seat_id: current.seat_id }, line)
    await tickets.moveSeat(tx, ticket.id, {
      seat_id: line.id,
      seat_row: line.seat_row,
      seat_number: line.seat_number,
      seat_type: line.seat_type,
      price_minor: line.price_minor,
      discount_minor: line.discount_minor,
      final_price_minor: line.total_minor,
    })
    await orders.repriceItem(tx, ticket.id, { ...line, trace: JSON.stringify(line.trace) })
    await orders.sumAgain(tx, [ticket.order_id])
  }

  const changeSeat = async (actor: Buyer, ticket: Ticket, { seat_id, seat_row, seat_number }: TicketUpdate) => {
    if (ticket.is_paid) throw alreadyPaid()
    if (ticket.status === 'cancelled' || ticket.status === 'refunded') throw cancelled()
    const session = await sessions.forBooking(ticket.session_id, { fresh: true })
    if (!session) throw sessionNotFound()
    const named = seat_id === undefined ? { seat_row, seat_number } : { seat_ids: [seat_id] }
    const plan = await halls.plan(session.hall_id, session.plan_version)
    const [line] = selectSeats({ session_id: session.id, ...named } as never, plan, session)
    await transaction(db, (tx) => move(tx, actor, ticket, { session, plan, line: line as SeatLine }))
  }

  /** The holder has walked in: a scan and a cancellation both look for a paid ticket, and one of them finds it. */
  const use = async (actor: Buyer, ticket: Ticket) => {
    if (!(await tickets.actsForCinema(db, actor, { ticket_id: ticket.id }, 'tickets.check_in'))) throw forbidden()
    if (await transaction(db, (tx) => tickets.enterAtCounter(tx, ticket.id, actor))) return
    const now = await tickets.get(actor, ticket.id)
    if (now.status === 'used') throw alreadyUsed()
    throw now.status === 'cancelled' || now.status === 'refunded' ? cancelled() : notPaid()
  }

  return async (actor: Buyer, ticketId: number, change: TicketUpdate): Promise<TicketChanged> => {
    const ticket = await tickets.get(actor, ticketId)
    if (change.status === 'used') await use(actor, ticket)
    else await changeSeat(actor, ticket, change)
    return view.ticketIn(await view.read(ticket.order_id), ticketId)
  }
}
