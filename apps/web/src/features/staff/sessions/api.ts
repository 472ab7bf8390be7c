import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api, type Shape, unwrap } from '#lib/api.ts'
import { behind, FIRST, PAGE } from '../paging.ts'

export type Screening = Shape<'Session'>
export type CancelPreview = Shape<'SessionCancelPreview'>
export type MovePreview = Shape<'SessionMovePreview'>
export type SwapPreview = Shape<'HallSwapPreview'>
export type Cancellation = Shape<'SessionCancellation'>
export type CancelledOrder = Shape<'CancelledOrder'>

const MOST = 100
const POLL_MS = 2000
const one = (id: number) => ({ params: { path: { id } } })

/** Everything of a day, also what is over or cancelled. */
export const dayQuery = (cinema_id: number, date: string) =>
  queryOptions({
    queryKey: ['staff', 'screenings', cinema_id, date],
    staleTime: 0,
    queryFn: async () => {
      const query = { cinema_id, date, include_past: true, size: MOST }
      const { items } = await unwrap(api.GET('/api/v1/sessions', { params: { query } }))
      return items.toSorted((a, b) => a.start_time.localeCompare(b.start_time))
    },
  })

export const screeningQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'screening', id],
    staleTime: 0,
    queryFn: () => unwrap(api.GET('/api/v1/sessions/{id}', one(id))),
  })

export const changesQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'screening', id, 'changes'],
    staleTime: 0,
    queryFn: async () => (await unwrap(api.GET('/api/v1/sessions/{id}/changes', one(id)))).items,
  })

export const cancelPreviewQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'screening', id, 'cancel-preview'],
    staleTime: 0,
    queryFn: () => unwrap(api.GET('/api/v1/sessions/{id}/cancel-preview', one(id))),
  })

/** How far a cancellation has come, asked until it is done. */
export const cancellationQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'screening', id, 'cancellation'],
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.finished === true ? false : POLL_MS),
    queryFn: () => unwrap(api.GET('/api/v1/sessions/{id}/cancellation', one(id))),
  })

export type RefundStatus = NonNullable<CancelledOrder['refund_status']>

export const cancelledOrdersQuery = (id: number, refund_status: RefundStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: ['staff', 'screening', id, 'orders', refund_status],
    initialPageParam: FIRST,
    staleTime: 0,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/sessions/{id}/cancellation/orders', {
          params: { path: { id }, query: { ...(refund_status && { refund_status }), size: PAGE, ...pageParam } },
          signal,
        }),
      ),
    getNextPageParam: behind,
  })

export const previewMove = (id: number, body: Shape<'SessionMoveAsk'>) =>
  unwrap(api.POST('/api/v1/sessions/{id}/move-preview', { ...one(id), body }))

export const moveScreening = (id: number, body: Shape<'SessionUpdate'>) =>
  unwrap(api.PATCH('/api/v1/sessions/{id}', { ...one(id), body }))

export const previewSwap = (id: number, hall_id: number) =>
  unwrap(api.POST('/api/v1/sessions/{id}/hall-swap-preview', { ...one(id), body: { hall_id } }))

const keyed = (id: number, key: string) => ({ params: { path: { id }, header: { 'idempotency-key': key } } })

export const swapHall = (id: number, key: string, body: Shape<'HallSwapRequest'>) =>
  unwrap(api.POST('/api/v1/sessions/{id}/hall-swap', { ...keyed(id, key), body }))

export const cancelScreening = (id: number, key: string, body: { reason?: string; notice?: string }) =>
  unwrap(api.POST('/api/v1/sessions/{id}/cancel', { ...keyed(id, key), body }))

export const retryRefunds = (id: number) => unwrap(api.POST('/api/v1/sessions/{id}/cancellation/retry', one(id)))
