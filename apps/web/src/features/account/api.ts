import { queryOptions, type QueryClient } from '@tanstack/react-query'

import { sessionById } from '#features/hall/api.ts'
import { isBuyer } from '#features/orders/api.ts'
import { keepTickets, type KeptTicket } from '#features/orders/kept-tickets.ts'
import { api, isApiError, unwrap } from '#lib/api.ts'

const SHOWN = new Set(['paid', 'used', 'cancelled', 'refunded'])

const read = async (client: QueryClient): Promise<KeptTicket[]> => {
  const { items } = await unwrap(api.GET('/api/v1/tickets/my', { params: { query: { size: 100 } } }))
  const tickets = items.filter(({ status }) => SHOWN.has(status))
  const ids = [...new Set(tickets.map(({ session_id }) => session_id))]
  const sessions = await Promise.all(ids.map((id) => client.query(sessionById(id)).catch(() => undefined)))
  const byId = new Map(sessions.flatMap((found) => (found ? [[found.id, found] as const] : [])))
  return tickets.flatMap((ticket) => {
    const found = byId.get(ticket.session_id)
    return found ? [{ ticket, session: found }] : []
  })
}

/** My tickets with their showings; what was read is kept on this device. */
export const myTickets = queryOptions({
  queryKey: ['tickets', 'my'],
  staleTime: 0,
  networkMode: 'always',
  queryFn: async ({ client }): Promise<KeptTicket[]> => {
    if (!isBuyer()) return []
    try {
      const tickets = await read(client)
      keepTickets(tickets, true)
      return tickets
    } catch (error) {
      if (isApiError(error) && error.status === 401) return []
      throw error
    }
  },
})
