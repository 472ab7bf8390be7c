import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api, unwrap } from '#lib/api.ts'

export const loyaltyQuery = queryOptions({
  queryKey: ['loyalty'],
  staleTime: 0,
  queryFn: () => unwrap(api.GET('/api/v1/loyalty')),
})

/** What points came from and went to, newest first. */
export const loyaltyHistory = infiniteQueryOptions({
  queryKey: ['loyalty', 'history'],
  staleTime: 0,
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/v1/loyalty/history', { params: { query: { size: 20, ...(pageParam && { cursor: pageParam }) } } })),
  getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
})
