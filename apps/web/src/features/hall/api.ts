import { queryOptions } from '@tanstack/react-query'

import { heardServerTime } from '#features/orders/server-clock.ts'
import { api, unwrap } from '#lib/api.ts'

export const sessionById = (id: number) =>
  queryOptions({
    queryKey: ['sessions', id],
    queryFn: () => unwrap(api.GET('/api/v1/sessions/{id}', { params: { path: { id } } })),
  })

/** The hall with every seat's price, and its state at that moment; from then on the live map tells. */
export const hallOf = (id: number) =>
  queryOptions({
    queryKey: ['sessions', id, 'seats'],
    staleTime: 0,
    queryFn: async () => {
      const hall = await unwrap(api.GET('/api/v1/sessions/{id}/available-seats', { params: { path: { id } } }))
      heardServerTime(hall.server_time)
      return hall
    },
  })
