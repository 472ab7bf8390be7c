import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, type Shape, unwrap } from '#lib/api.ts'

export type ReturnQuote = Shape<'CancellationQuote'>
export type ExchangeQuote = Shape<'ExchangeQuote'>
export type Pair = Shape<'ExchangeAsk'>['tickets'][number]

/** Whoever came by the link in the mail proves it by its key. */
const proof = (key: string | undefined) => (key === undefined ? {} : { headers: { 'x-order-key': key } })

/** What would come back for these tickets, at this moment. */
export const returnQuote = (id: number, ticket_ids: number[], key?: string) =>
  queryOptions({
    queryKey: ['orders', 'return-quote', id, ticket_ids],
    enabled: ticket_ids.length > 0,
    staleTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () =>
      unwrap(
        api.POST('/api/v1/orders/{id}/cancellation-quote', { params: { path: { id } }, body: { ticket_ids }, ...proof(key) }),
      ),
  })

type GiveBack = { id: number; ticket_ids: number[]; expected_refund: number; attempt: string; key: string | undefined }

/** Gives tickets back for what was quoted; when it would be another amount by now, nothing happens. */
export const giveBack = ({ id, ticket_ids, expected_refund, attempt, key }: GiveBack) =>
  unwrap(
    api.POST('/api/v1/orders/{id}/cancel', {
      params: { path: { id }, header: { 'idempotency-key': attempt } },
      body: { ticket_ids, expected_refund },
      ...proof(key),
    }),
  )

type Exchange = { id: number; session_id: number; tickets: Pair[]; key: string | undefined }

export const exchangeQuote = ({ id, session_id, tickets, key }: Exchange) =>
  queryOptions({
    queryKey: ['orders', 'exchange-quote', id, session_id, tickets],
    enabled: tickets.length > 0,
    staleTime: 0,
    retry: false,
    queryFn: () =>
      unwrap(
        api.POST('/api/v1/orders/{id}/exchange-quote', {
          params: { path: { id } },
          body: { session_id, tickets },
          ...proof(key),
        }),
      ),
  })

export const exchangeTickets = ({ id, key, attempt, ...body }: Exchange & { expected_due: number; attempt: string }) =>
  unwrap(
    api.POST('/api/v1/orders/{id}/exchanges', {
      params: { path: { id }, header: { 'idempotency-key': attempt } },
      body,
      ...proof(key),
    }),
  )
