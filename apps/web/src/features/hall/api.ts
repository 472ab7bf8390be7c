import { queryOptions } from '@tanstack/react-query'

import { heardServerTime } from '#features/orders/server-clock.ts'
import { api, type Shape, unwrap } from '#lib/api.ts'
import { preloaded } from '#lib/preload.ts'

export const sessionById = (id: number) =>
  queryOptions({
    queryKey: ['sessions', id],
    queryFn: () => unwrap(api.GET('/api/v1/sessions/{id}', { params: { path: { id } } })),
    initialData: preloaded<Shape<'Session'>>(`/api/v1/sessions/${id}`),
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
