import { queryOptions } from '@tanstack/react-query'

import { api, type Shape, unwrap } from '#lib/api.ts'
import { preloaded } from '#lib/preload.ts'

export type Cinema = Shape<'Cinema'>

const LASTING_MS = 300_000
const MOST = 100

export const cinemasQuery = queryOptions({
  queryKey: ['cinemas'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/cinemas', { params: { query: { size: MOST } }, signal })),
  initialData: preloaded<Shape<'CinemaList'>>(`/api/v1/cinemas?size=${MOST}`),
  staleTime: LASTING_MS,
  select: ({ items }) => items,
})

export const cinemaQuery = (id: number) =>
  queryOptions({
    queryKey: ['cinemas', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/cinemas/{id}', { params: { path: { id } }, signal })),
    initialData: preloaded<Cinema>(`/api/v1/cinemas/${id}`),
    staleTime: LASTING_MS,
  })

export const hallsQuery = (id: number) =>
  queryOptions({
    queryKey: ['cinemas', id, 'halls'],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/cinemas/{id}/halls', { params: { path: { id }, query: { size: MOST } }, signal })),
    staleTime: LASTING_MS,
    select: ({ items }) => items,
  })
