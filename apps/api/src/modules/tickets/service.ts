import type { Db } from '#platform/db/kysely.ts'
import { AppError } from '#platform/errors.ts'
import type { Buyer } from '#platform/http/access.ts'
import { may } from '#platform/http/access.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { ticketNotFound } from './errors.ts'
import * as repository from './repository.ts'
import type { Ticket, TicketQuery } from './schemas.ts'

export type { SignTicket } from './qr.ts'

const isOwner = (actor: Buyer, ticket: { owner_user_id: number | null; owner_guest_id: string | null }) =>
  actor.kind === 'user' ? ticket.owner_user_id === actor.id : ticket.owner_guest_id === actor.id

export const createTicketsService = ({ db }: { db: Db }) => {
  const list = async ({ page, size, skip, limit, ...filter }: TicketQuery, owner?: Buyer) => {
    const window = readPage({ page, size, skip, limit } as never)
    const { items, total } = await repository.findList(db, { ...filter, ...(owner ? { owner } : {}) }, window.offset, window.size)
    return toList(items, total, window)
  }

  return {
    /** One's own ticket, or any for staff; whose it is stays unsaid to others. */
    get: async (actor: Buyer, id: number): Promise<Ticket> => {
      const ticket = await repository.findView(db, id)
      if (!ticket || !(isOwner(actor, ticket) || may(actor, 'tickets.manage'))) throw ticketNotFound()
      return ticket
    },
    listMine: (actor: Buyer, query: TicketQuery) => list(query, actor),
    /** Customers see their own; staff see everybody's and may ask for one person's. */
    list: (actor: Buyer, query: TicketQuery) => {
      if (may(actor, 'tickets.manage')) return list(query)
      if (query.user_id !== undefined && !(actor.kind === 'user' && actor.id === query.user_id))
        throw new AppError(403, 'auth.forbidden', 'Only staff may ask for somebody else’s tickets.')
      return list(query, actor)
    },
    findByOrders: repository.findByOrders,
    insert: repository.insert,
    moveSeat: repository.moveSeat,
    lockLive: repository.lockLive,
    mark: repository.mark,
    issue: repository.issue,
    markExpiredByOrders: repository.markExpiredByOrders,
  }
}
export type TicketsService = ReturnType<typeof createTicketsService>
