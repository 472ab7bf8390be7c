import type { SessionsService } from '#modules/sessions/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import { AppError } from '#platform/errors.ts'
import { type Buyer, cinemasOf, type Holder, holds, may, requireWorkAt } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import { createDoor } from './door.ts'
import { ticketNotFound } from './errors.ts'
import { findPage, orderOf, type TicketFilter } from './list.statement.ts'
import type { VerifyTicket } from './qr.ts'
import * as repository from './repository.ts'
import type { Ticket, TicketQuery } from './schemas.ts'
import { actsForCinema } from './staff.ts'

export type { SignTicket } from './qr.ts'

type Deps = { db: Db; sessions: SessionsService; verifyTicket: VerifyTicket; doorsOpenMinutes: number; cutoffMinutes: number }

export const createTicketsService = (deps: Deps) => {
  const { db, cutoffMinutes } = deps
  const door = createDoor(deps)

  const list = async (
    { page, size, skip, limit, cursor, ...filter }: TicketQuery,
    whose: Pick<TicketFilter, 'owner' | 'among'>,
  ) => {
    const wanted: TicketFilter = { ...filter, ...whose }
    const question = { list: 'tickets', of: wanted, order: orderOf(wanted) }
    const window = readCursorPage(question, { page, size, skip, limit, cursor })
    const [rows, total] = await findPage(db, cutoffMinutes, wanted, window)
    return toCursorList<Ticket>(rows, total, window)
  }

  return {
    /** One's own ticket, or any of their cinemas for staff; whose it is stays unsaid to others. */
    get: async (actor: Holder, id: number): Promise<Ticket> => {
      const ticket = await repository.findView(db, cutoffMinutes, id)
      if (!ticket) throw ticketNotFound()
      const order = { id: ticket.order_id, user_id: ticket.owner_user_id, guest_id: ticket.owner_guest_id }
      if (!holds(actor, order) && !(await actsForCinema(db, actor, { ticket_id: id }))) throw ticketNotFound()
      return ticket
    },
    listMine: (actor: Buyer, query: TicketQuery) => list(query, { owner: actor }),
    /** Customers see their own; staff see everybody's at their cinemas beside their own, and may ask for one person's. */
    list: (actor: Buyer, query: TicketQuery) => {
      if (may(actor, 'tickets.manage')) {
        if (query.cinema_id !== undefined) requireWorkAt(actor, query.cinema_id)
        const cinema_ids = cinemasOf(actor)
        return list(query, cinema_ids === null || actor.kind !== 'user' ? {} : { among: { cinema_ids, user_id: actor.id } })
      }
      if (query.user_id !== undefined && !(actor.kind === 'user' && actor.id === query.user_id))
        throw new AppError(403, 'auth.forbidden', 'Only staff may ask for somebody else’s tickets.')
      return list(query, { owner: actor })
    },
    findByOrders: (on: Db, orderIds: number[]) => repository.findByOrders(on, cutoffMinutes, orderIds),
    actsForCinema,
    insert: repository.insert,
    changeReserved: repository.changeReserved,
    lockLive: repository.lockLive,
    mark: repository.mark,
    noteEvents: repository.noteEvents,
    issue: repository.issue,
    enterAtCounter: door.enterAtCounter,
    checkIn: door.checkIn,
    undoCheckIn: door.undo,
    countCheckIns: door.count,
    reissue: repository.reissue,
    markExpiredByOrders: repository.markExpiredByOrders,
    giveTo: repository.giveTo,
  }
}
export type TicketsService = ReturnType<typeof createTicketsService>
