import type { LockPending } from '#modules/checkout/lock-pending.ts'
import type { OrderView } from '#modules/checkout/order-view.ts'
import type { ClearPayment } from '#modules/checkout/pay/clear-payment.ts'
import type { TicketChanged, TicketUpdate } from '#modules/checkout/schemas.ts'
import type { HallsService } from '#modules/halls/service.ts'
import { alreadyPaid, notPending } from '#modules/orders/errors.ts'
import type { LockedOrder, OrdersService } from '#modules/orders/service.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import type { SeatsService } from '#modules/seats/service.ts'
import { sessionChanged, sessionNotFound } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import { alreadyUsed, cancelled, notPaid, seatsTaken } from '#modules/tickets/errors.ts'
import type { Ticket } from '#modules/tickets/schemas.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import { type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import { AppError, invalid } from '#platform/errors.ts'
import type { Buyer } from '#platform/http/access.ts'
import type { Reprice } from './reprice.ts'
import { type Ground, type SeatLine, selectSeats } from './selection.ts'

type Deps = {
  db: Db
  sessions: SessionsService
  halls: HallsService
  orders: OrdersService
  pricing: PricingService
  seats: SeatsService
  tickets: TicketsService
  view: OrderView
  lockPending: LockPending
  clearPayment: ClearPayment
  reprice: Reprice
}

const sayOneSeat = () =>
  invalid('', 'Name one other seat, by seat_id or by seat_row with seat_number, or another ticket_type.', 'tickets.name_one_seat')
const forbidden = () => new AppError(403, 'auth.forbidden', 'Only staff at the door may mark a ticket used.')
export const createChangeTicket = ({
  db,
  sessions,
  halls,
  orders,
  pricing,
  seats,
  tickets,
  view,
  lockPending,
  clearPayment,
  reprice,
}: Deps) => {
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

  type Target = Ground & { line: SeatLine }

  /** To another seat, beside which nobody may be left alone. */
  const sitElsewhere = async (tx: Tx, order: LockedOrder, ticket: Ticket, { session, plan, line }: Target) => {
    const place = { session_id: session.id, plan, seat_ids: [line.id], leaving: ticket.seat_id }
    await seats.requireSound(tx, { ...place, owner: order })
    await swap(tx, ticket, line)
  }

  const change = async (tx: Tx, actor: Buyer, ticket: Ticket, target: Target) => {
    const { session, line } = target
    const locked = await sessions.lockForBooking(tx, session.id)
    if (!locked?.is_bookable) throw (await sessions.whyClosed(tx, session.id)) ?? sessionNotFound()
    if (locked.version !== session.version) throw sessionChanged()
    const order = await lockPending(tx, actor, ticket.order_id)
    const current = (await tickets.lockLive(tx, ticket.order_id)).find(({ id }) => id === ticket.id)
    if (current?.status !== 'reserved') throw notPending()
    const isElsewhere = current.seat_id !== line.id
    if (!isElsewhere && current.ticket_type === line.ticket_type) return
    if (isElsewhere) await sitElsewhere(tx, order, { ...ticket, seat_id: current.seat_id }, target)
    const { id: seat_id, seat_row, seat_number, seat_type, ticket_type, price_minor } = line
    const full = { price_minor, discount_minor: 0 }
    const seat = { seat_id, seat_row, seat_number, seat_type, ticket_type }
    await tickets.changeReserved(tx, ticket.id, { ...seat, ...full, final_price_minor: price_minor })
    await orders.changeItem(tx, ticket.id, { ...full, total_minor: price_minor, trace: JSON.stringify(line.trace) })
    await reprice(tx, [ticket.order_id])
  }

  /** The seat that is wished for, that of the ticket when only its type changes. */
  const seatIn = ({ seat_id, seat_row, seat_number, ticket_type }: TicketUpdate, ticket: Ticket) => {
    const byLabel = seat_row !== undefined && seat_number !== undefined ? { seat_row, seat_number } : undefined
    if (!byLabel && (seat_row ?? seat_number) !== undefined) throw sayOneSeat()
    if (byLabel && seat_id !== undefined) throw sayOneSeat()
    if (byLabel) return byLabel
    if (seat_id === undefined && ticket_type === undefined) throw sayOneSeat()
    return { seat_ids: [seat_id ?? ticket.seat_id] }
  }

  const changeReserved = async (actor: Buyer, ticket: Ticket, wish: TicketUpdate) => {
    const { ticket_type = ticket.ticket_type } = wish
    if (ticket.is_paid) throw alreadyPaid()
    if (ticket.status === 'cancelled' || ticket.status === 'refunded') throw cancelled()
    const named = seatIn(wish, ticket)
    const session = await sessions.forBooking(ticket.session_id, { fresh: true })
    if (!session) throw sessionNotFound()
    const [plan, book] = await Promise.all([halls.plan(session.hall_id, session.plan_version), pricing.bookOf(session)])
    const ground = { session, plan, book }
    const [line] = selectSeats({ session_id: session.id, ticket_type, ...named }, ground)
    await clearPayment.release(actor, ticket.order_id)
    await transaction(db, (tx) => change(tx, actor, ticket, { ...ground, line: line as SeatLine }))
  }

  /** The holder has walked in: a scan and a cancellation both look for a paid ticket, and one of them finds it. */
  const use = async (actor: Buyer, ticket: Ticket) => {
    if (!(await tickets.actsForCinema(db, actor, { ticket_id: ticket.id }, 'tickets.check_in'))) throw forbidden()
    if (await transaction(db, (tx) => tickets.enterAtCounter(tx, ticket.id, actor))) return
    const now = await tickets.get(actor, ticket.id)
    if (now.status === 'used') throw alreadyUsed()
    throw now.status === 'cancelled' || now.status === 'refunded' ? cancelled() : notPaid()
  }

  return async (actor: Buyer, ticketId: number, wish: TicketUpdate): Promise<TicketChanged> => {
    const ticket = await tickets.get(actor, ticketId)
    if (wish.status === 'used') await use(actor, ticket)
    else await changeReserved(actor, ticket, wish)
    return view.ticketIn(await view.read(ticket.order_id), ticketId)
  }
}
