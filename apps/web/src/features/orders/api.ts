import { queryOptions } from '@tanstack/react-query'

import { api, isApiError, session, unwrap, type Shape } from '#lib/api.ts'
import { currentLanguage } from '#lib/i18n.ts'
import { heardServerTime } from './server-clock.ts'

export type Order = Shape<'Order'>
export type Ticket = Shape<'Ticket'>

/** Who takes the money. It changes with the installation, not while somebody buys. */
export const paymentProvider = queryOptions({
  queryKey: ['payments', 'provider'],
  staleTime: 'static',
  queryFn: () => unwrap(api.GET('/api/v1/payments/provider')),
})

const BUYER = 'marquee_buyer'

/** Whether this browser has ever held a seat: without it there is nothing to ask the server for. */
export const isBuyer = () => session.user() !== undefined || localStorage.getItem(BUYER) !== null

/** Makes this visitor a guest, silently: no account stands between a person and a seat. */
const becomeGuest = async () => {
  await unwrap(api.POST('/api/v1/guests', { body: { locale: currentLanguage() } }))
  localStorage.setItem(BUYER, '1')
}

/** Runs a call that needs a buyer; whoever is nobody yet becomes a guest and is served. */
export const asBuyer = async <T>(call: () => Promise<T>): Promise<T> => {
  if (!isBuyer()) await becomeGuest()
  try {
    const answer = await call()
    localStorage.setItem(BUYER, '1')
    return answer
  } catch (error) {
    if (!isApiError(error) || error.status !== 401) throw error
    await becomeGuest()
    return call()
  }
}

const keyed = (key: string) => ({ header: { 'idempotency-key': key } })

type SeatsAtPrice = { seat_ids: number[]; ticket_types?: string[]; expected_total?: number }
type Wanted = { session_id: number; order_id: number | undefined; key: string }

const hold = async (body: Shape<'TicketCreate'>, key: string): Promise<Order> => {
  const made = await asBuyer(() => unwrap(api.POST('/api/v1/tickets', { body, params: keyed(key) })))
  heardServerTime(made.server_time)
  return made.order
}

const within = (order_id: number | undefined) => (order_id === undefined ? {} : { order_id })

/** Holds seats at the price that was shown; at another one nothing is held and the new price is told. */
export const holdSeats = ({ session_id, order_id, key, ...seats }: Wanted & SeatsAtPrice) =>
  hold({ session_id, ...seats, ...within(order_id) }, key)

export const holdBest = ({ session_id, order_id, key, count }: Wanted & { count: number }) =>
  hold({ session_id, best: { count }, ...within(order_id) }, key)

export const releaseTicket = async (id: number): Promise<Order> =>
  (await unwrap(api.DELETE('/api/v1/tickets/{id}', { params: { path: { id } } }))).order

export const retypeTicket = async (id: number, ticket_type: string): Promise<Order> =>
  (await unwrap(api.PATCH('/api/v1/tickets/{id}', { params: { path: { id } }, body: { ticket_type } }))).order

export const extendHold = (id: number): Promise<Order> =>
  unwrap(api.POST('/api/v1/orders/{id}/extend', { params: { path: { id } } }))

/** My holds that wait to be paid, newest first; nothing for somebody who has never held a seat. */
export const pendingOrders = () =>
  queryOptions({
    queryKey: ['orders', 'pending'],
    staleTime: 0,
    queryFn: async (): Promise<Order[]> => {
      if (!isBuyer()) return []
      try {
        return (await unwrap(api.GET('/api/v1/orders', { params: { query: { status: 'pending' } } }))).items
      } catch (error) {
        if (isApiError(error) && error.status === 401) return []
        throw error
      }
    },
  })

/** An order by the reference that its address carries; the key comes with the link in the mail. */
export const orderByReference = (reference: string, key?: string) =>
  queryOptions({
    queryKey: ['orders', reference],
    staleTime: 0,
    queryFn: async (): Promise<Order> => {
      const { data, error, response } = await api.GET('/api/v1/orders/by-reference/{reference}', {
        params: { path: { reference } },
        ...(key === undefined ? {} : { headers: { 'x-order-key': key } }),
      })
      const date = response.headers.get('date')
      if (date) heardServerTime(new Date(date).toISOString())
      return unwrap(Promise.resolve({ ...(data === undefined ? {} : { data }), error, response }))
    },
  })

/** An order by its number, for whoever knows one of its tickets. */
export const orderById = (id: number, key?: string) =>
  queryOptions({
    queryKey: ['orders', 'by-id', id],
    staleTime: 0,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/orders/{id}', {
          params: { path: { id } },
          ...(key === undefined ? {} : { headers: { 'x-order-key': key } }),
        }),
      ),
  })

/** Adopts what this browser's guest holds and has bought, right after signing in. */
export const adoptGuest = () => unwrap(api.POST('/api/v1/guests/adopt', { body: {} }))
