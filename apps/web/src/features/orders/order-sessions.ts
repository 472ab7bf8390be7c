import { useQueries } from '@tanstack/react-query'

import { sessionById } from '#features/hall/api.ts'
import type { Shape } from '#lib/api.ts'
import type { Order, Ticket } from './api.ts'

export type TicketsOfSession = { session_id: number; session: Shape<'Session'> | undefined; tickets: Ticket[] }

const live = new Set<Ticket['status']>(['reserved', 'paid', 'used'])

/** An order may hold seats of several sessions: its tickets by session, in the order of their seats. */
export const useOrderSessions = (order: Pick<Order, 'tickets'>, all = false): TicketsOfSession[] => {
  const shown = order.tickets.filter(({ status }) => all || live.has(status))
  const groups = [...Map.groupBy(shown, ({ session_id }) => session_id)]
  const found = useQueries({ queries: groups.map(([id]) => sessionById(id)) })
  return groups.map(([session_id, tickets], index) => ({
    session_id,
    session: found[index]?.data,
    tickets: tickets.toSorted((a, b) => Number(a.seat_row) - Number(b.seat_row) || a.seat_number - b.seat_number),
  }))
}
