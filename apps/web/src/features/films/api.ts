import { queryOptions } from '@tanstack/react-query'

import { api, type Shape, unwrap } from '#lib/api.ts'
import { preloaded } from '#lib/preload.ts'

export type Film = Shape<'Movie'>
export type Showing = Shape<'Session'>

const LASTING_MS = 300_000
const MOST = 100

/** The films on show, by number: sessions name their film, this knows its picture and its words. */
export const filmsQuery = queryOptions({
  queryKey: ['films'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/movies', { params: { query: { is_active: true, size: MOST } }, signal })),
  initialData: preloaded<Shape<'MovieList'>>(`/api/v1/movies?is_active=true&size=${MOST}`),
  staleTime: LASTING_MS,
  select: ({ items }) => new Map(items.map((film) => [film.id, film])),
})

export const filmQuery = (id: number) =>
  queryOptions({
    queryKey: ['films', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/movies/{id}', { params: { path: { id } }, signal })),
    initialData: preloaded<Film>(`/api/v1/movies/${id}`),
    staleTime: LASTING_MS,
  })

/** Everything that a cinema shows on one of its days. */
export const dayQuery = (cinema_id: number, date: string) =>
  queryOptions({
    queryKey: ['showings', { cinema_id, date }],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/sessions', { params: { query: { cinema_id, date, size: MOST } }, signal })),
    initialData: preloaded<Shape<'SessionList'>>(`/api/v1/sessions?cinema_id=${cinema_id}&date=${date}&size=${MOST}`),
    refetchInterval: 60_000,
    select: ({ items }) => items,
  })

/** The first showing from a day on: where to look when a day is empty. */
export const nextShowingQuery = (cinema_id: number, date_from: string) =>
  queryOptions({
    queryKey: ['showings', { cinema_id, date_from }],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/sessions', { params: { query: { cinema_id, date_from, size: 1 } }, signal })),
    select: ({ items }) => items[0],
  })

export const filmShowingsQuery = (id: number) =>
  queryOptions({
    queryKey: ['films', id, 'showings'],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/movies/{id}/sessions', { params: { path: { id }, query: { size: MOST } }, signal })),
    initialData: preloaded<Shape<'SessionList'>>(`/api/v1/movies/${id}/sessions?size=${MOST}`),
    select: ({ items }) => items,
  })

export const reviewsQuery = (movie_id: number, size: number) =>
  queryOptions({
    queryKey: ['films', movie_id, 'reviews', size],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/reviews/movie/{movie_id}', { params: { path: { movie_id }, query: { sort: 'helpful', size } }, signal }),
      ),
  })
