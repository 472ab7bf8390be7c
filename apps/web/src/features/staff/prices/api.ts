import { queryOptions } from '@tanstack/react-query'

import { api, type Shape, unwrap } from '#lib/api.ts'

export type PriceCard = Shape<'PriceCard'>
export type TicketType = Shape<'TicketType'>
export type PriceRules = Shape<'PriceRules'>
export type Policy = Shape<'CancellationPolicy'>
export type Preview = Shape<'PricePreview'>
export type Format = PriceCard['formats'][number]

export const FORMATS: readonly Format[] = ['2d', '3d', 'imax']
export const CLASSES = ['standard', 'premium', 'vip'] as const

const MOST = 100
const one = (id: number) => ({ params: { path: { id } } })

export const cardsQuery = (cinema_id: number) =>
  queryOptions({
    queryKey: ['staff', 'prices', 'cards', cinema_id],
    staleTime: 0,
    queryFn: async () => (await unwrap(api.GET('/api/v1/price-cards', { params: { query: { cinema_id, size: MOST } } }))).items,
  })

export const cardQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'prices', 'card', id],
    staleTime: 0,
    queryFn: () => unwrap(api.GET('/api/v1/price-cards/{id}', one(id))),
  })

export type PreviewAsk = { cinema_id: number; date: string; time: string; format: Format }

export const previewQuery = (ask: PreviewAsk) =>
  queryOptions({
    queryKey: ['staff', 'prices', 'preview', ask],
    staleTime: 0,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/price-cards/preview', { params: { query: ask }, signal })),
  })

export const typesQuery = queryOptions({
  queryKey: ['staff', 'prices', 'types'],
  staleTime: 0,
  queryFn: async () => (await unwrap(api.GET('/api/v1/ticket-types', { params: { query: { size: MOST } } }))).items,
})

export const rulesQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'prices', 'rules', id],
    staleTime: 0,
    queryFn: () => unwrap(api.GET('/api/v1/cinemas/{id}/price-rules', one(id))),
  })

export const policyQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'prices', 'policy', id],
    staleTime: 0,
    queryFn: () => unwrap(api.GET('/api/v1/cinemas/{id}/cancellation-policy', one(id))),
  })

export const createCard = (body: Shape<'PriceCardCreate'>) => unwrap(api.POST('/api/v1/price-cards', { body }))
export const changeCard = (id: number, body: Shape<'PriceCardUpdate'>) =>
  unwrap(api.PATCH('/api/v1/price-cards/{id}', { ...one(id), body }))
export const retireCard = (id: number) => unwrap(api.DELETE('/api/v1/price-cards/{id}', one(id)))

export const createType = (body: Shape<'TicketTypeCreate'>) => unwrap(api.POST('/api/v1/ticket-types', { body }))
export const changeType = (id: number, body: Shape<'TicketTypeUpdate'>) =>
  unwrap(api.PATCH('/api/v1/ticket-types/{id}', { ...one(id), body }))

export const changeRules = (id: number, body: Shape<'PriceRulesUpdate'>) =>
  unwrap(api.PATCH('/api/v1/cinemas/{id}/price-rules', { ...one(id), body }))
export const changePolicy = (id: number, body: Shape<'CancellationPolicyUpdate'>) =>
  unwrap(api.PUT('/api/v1/cinemas/{id}/cancellation-policy', { ...one(id), body }))
