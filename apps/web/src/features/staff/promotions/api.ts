import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api, type Shape, unwrap } from '#lib/api.ts'

export type Promotion = Shape<'Promotion'>
export type Kind = Promotion['kind']
export type Trial = Shape<'PromotionTry'>

export const KINDS: readonly Kind[] = ['percent', 'fixed', 'cheapest', 'early_bird']

const PAGE = 50
const one = (id: number) => ({ params: { path: { id } } })

/** In the order in which they are tried; numbered pages, as the list is short. */
export const promotionsQuery = infiniteQueryOptions({
  queryKey: ['staff', 'promotions', 'list'],
  initialPageParam: 1,
  staleTime: 0,
  queryFn: ({ pageParam, signal }) =>
    unwrap(api.GET('/api/v1/promotions', { params: { query: { page: pageParam, size: PAGE } }, signal })),
  getNextPageParam: ({ items }, _pages, page) => (items.length < PAGE ? undefined : page + 1),
})

export const promotionQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'promotions', id],
    staleTime: 0,
    queryFn: () => unwrap(api.GET('/api/v1/promotions/{id}', one(id))),
  })

export const createPromotion = (body: Shape<'PromotionCreate'>) => unwrap(api.POST('/api/v1/promotions', { body }))
export const changePromotion = (id: number, body: Shape<'PromotionUpdate'>) =>
  unwrap(api.PATCH('/api/v1/promotions/{id}', { ...one(id), body }))

/** What it would have taken off the orders of so many days. */
export const tryPromotion = (id: number, days: number) =>
  unwrap(api.GET('/api/v1/promotions/{id}/dry-run', { params: { path: { id }, query: { days } } }))
