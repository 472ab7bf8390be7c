import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api, type Shape, unwrap } from '#lib/api.ts'
import { currentLanguage } from '#lib/i18n.ts'
import { behind, FIRST, PAGE } from '../paging.ts'
import { momentsOf } from '../period.ts'

export type SaleOrder = Shape<'SaleOrder'>
export type SalePayment = Shape<'SalePayment'>
export type Refund = Shape<'Refund'>
export type Receipt = Shape<'Receipt'>
export type Alarm = Shape<'PaymentAlarm'>
export type Quote = Shape<'CancellationQuote'>

export const ORDER_STATES = ['pending', 'paid', 'partially_refunded', 'canceled', 'expired'] as const
export const PAYMENT_STATES = ['pending', 'success', 'failed', 'canceled', 'refunded', 'partially_refunded'] as const
export const METHODS = ['card', 'apple_pay', 'google_pay', 'cash', 'terminal'] as const
export const REFUND_STATES = ['pending', 'success', 'failed'] as const
export const PAPERS = ['receipt', 'credit_note'] as const
export const ALARM_STATES = ['open', 'resolved', 'all'] as const

/** What stands in the address; only what the server knows is asked for. */
export type SalesSearch = {
  cinema?: string
  status?: string
  method?: string
  kind?: string
  reference?: string
  from?: string
  to?: string
}

const among = <Name extends string>(names: readonly Name[], named: string | undefined) => names.find((name) => name === named)
const REFERENCE = /^[A-Za-z0-9-]+$/

const where = ({ cinema, from, to }: SalesSearch) => ({
  ...(cinema !== undefined && /^\d+$/.test(cinema) && { cinema_id: Number(cinema) }),
  ...momentsOf({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }),
})

const narrowed = <Name extends string>(search: SalesSearch, states: readonly Name[]) => {
  const status = among(states, search.status)
  return { ...where(search), ...(status && { status }) }
}

const named = ({ reference = '' }: SalesSearch) => REFERENCE.test(reference.trim()) && { reference: reference.trim() }

const ordersFilter = (search: SalesSearch) => ({ ...narrowed(search, ORDER_STATES), ...named(search) })
const paymentsFilter = (search: SalesSearch) => {
  const method = among(METHODS, search.method)
  return { ...narrowed(search, PAYMENT_STATES), ...named(search), ...(method && { method }) }
}
const refundsFilter = (search: SalesSearch) => narrowed(search, REFUND_STATES)
const receiptsFilter = (search: SalesSearch) => {
  const kind = among(PAPERS, search.kind)
  return { ...where(search), ...(kind && { kind }) }
}

type Asked<Filter> = { params: { query: Filter & { size: number; cursor?: string } }; signal: AbortSignal }
type Page<Item> = { items: Item[]; total: number | null; next_cursor: string | null }

/** A list that goes on by what was read of it. */
const listOf = <Filter extends object, Item>(name: string, filter: Filter, read: (asked: Asked<Filter>) => Promise<Page<Item>>) =>
  infiniteQueryOptions({
    queryKey: ['staff', 'sales', name, filter],
    initialPageParam: FIRST,
    staleTime: 0,
    getNextPageParam: behind,
    queryFn: ({ pageParam, signal }) => read({ params: { query: { ...filter, size: PAGE, ...pageParam } }, signal }),
  })

export const ordersQuery = (search: SalesSearch) =>
  listOf('orders', ordersFilter(search), (asked) => unwrap(api.GET('/api/v1/admin/orders', asked)))
export const exportOrders = (search: SalesSearch) =>
  unwrap(api.GET('/api/v1/admin/orders/export', { params: { query: ordersFilter(search) }, parseAs: 'blob' }))

export const paymentsQuery = (search: SalesSearch) =>
  listOf('payments', paymentsFilter(search), (asked) => unwrap(api.GET('/api/v1/admin/payments', asked)))
export const exportPayments = (search: SalesSearch) =>
  unwrap(api.GET('/api/v1/admin/payments/export', { params: { query: paymentsFilter(search) }, parseAs: 'blob' }))

export const refundsQuery = (search: SalesSearch) =>
  listOf('refunds', refundsFilter(search), (asked) => unwrap(api.GET('/api/v1/admin/refunds', asked)))
export const exportRefunds = (search: SalesSearch) =>
  unwrap(api.GET('/api/v1/admin/refunds/export', { params: { query: refundsFilter(search) }, parseAs: 'blob' }))

export const receiptsQuery = (search: SalesSearch) =>
  listOf('receipts', receiptsFilter(search), (asked) => unwrap(api.GET('/api/v1/admin/receipts', asked)))

export const exportReceipts = (search: SalesSearch) =>
  unwrap(api.GET('/api/v1/admin/receipts/export', { params: { query: receiptsFilter(search) }, parseAs: 'blob' }))

export const alarmsQuery = (state: string | undefined) =>
  listOf('alarms', { status: among(ALARM_STATES, state) ?? 'open' }, (asked) =>
    unwrap(api.GET('/api/v1/admin/payment-alarms', asked)),
  )

const one = (id: number) => ({ params: { path: { id } } })

export const retryRefund = (id: number) => unwrap(api.POST('/api/v1/refunds/{id}/retry', one(id)))
export const resolveAlarm = (id: number, reason: string) =>
  unwrap(api.POST('/api/v1/admin/payment-alarms/{id}/resolve', { ...one(id), body: { reason } }))

export const orderReceiptsQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'sales', 'order-receipts', id],
    staleTime: 0,
    queryFn: async () => (await unwrap(api.GET('/api/v1/orders/{id}/receipts', one(id)))).items,
  })

export const readReceipt = (id: number) =>
  unwrap(api.GET('/api/v1/receipts/{id}/pdf', { params: { path: { id }, query: { lang: currentLanguage() } }, parseAs: 'blob' }))

export const returnQuote = (id: number, ticket_ids: number[], in_full: boolean) =>
  queryOptions({
    queryKey: ['orders', 'staff-quote', id, ticket_ids, in_full],
    enabled: ticket_ids.length > 0,
    staleTime: 0,
    queryFn: () => unwrap(api.POST('/api/v1/orders/{id}/cancellation-quote', { ...one(id), body: { ticket_ids, in_full } })),
  })

type Return = { ticket_ids: number[]; expected_refund: number; in_full: boolean; reason?: string }

/** Gives tickets back for what was quoted; when it would be another amount by now, nothing happens. */
export const takeBack = (id: number, key: string, body: Return) =>
  unwrap(api.POST('/api/v1/orders/{id}/cancel', { params: { path: { id }, header: { 'idempotency-key': key } }, body }))
