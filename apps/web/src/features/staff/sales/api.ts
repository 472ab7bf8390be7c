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

const where = ({ cinema, reference = '', from, to }: SalesSearch) => ({
  ...(cinema !== undefined && /^\d+$/.test(cinema) && { cinema_id: Number(cinema) }),
  ...(REFERENCE.test(reference.trim()) && { reference: reference.trim() }),
  ...momentsOf({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }),
})

const ordersFilter = (search: SalesSearch) => {
  const status = among(ORDER_STATES, search.status)
  return { ...where(search), ...(status && { status }) }
}
const paymentsFilter = (search: SalesSearch) => {
  const [status, method] = [among(PAYMENT_STATES, search.status), among(METHODS, search.method)]
  return { ...where(search), ...(status && { status }), ...(method && { method }) }
}
const refundsFilter = (search: SalesSearch) => {
  const status = among(REFUND_STATES, search.status)
  return { ...where(search), ...(status && { status }) }
}
const receiptsFilter = (search: SalesSearch) => {
  const kind = among(PAPERS, search.kind)
  return { ...where(search), ...(kind && { kind }) }
}

const paged = { initialPageParam: FIRST, staleTime: 0, getNextPageParam: behind }

export const ordersQuery = (search: SalesSearch) => {
  const filter = ordersFilter(search)
  return infiniteQueryOptions({
    ...paged,
    queryKey: ['staff', 'sales', 'orders', filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET('/api/v1/admin/orders', { params: { query: { ...filter, size: PAGE, ...pageParam } }, signal })),
  })
}
export const exportOrders = (search: SalesSearch) =>
  unwrap(api.GET('/api/v1/admin/orders/export', { params: { query: ordersFilter(search) }, parseAs: 'blob' }))

export const paymentsQuery = (search: SalesSearch) => {
  const filter = paymentsFilter(search)
  return infiniteQueryOptions({
    ...paged,
    queryKey: ['staff', 'sales', 'payments', filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET('/api/v1/admin/payments', { params: { query: { ...filter, size: PAGE, ...pageParam } }, signal })),
  })
}
export const exportPayments = (search: SalesSearch) =>
  unwrap(api.GET('/api/v1/admin/payments/export', { params: { query: paymentsFilter(search) }, parseAs: 'blob' }))

export const refundsQuery = (search: SalesSearch) => {
  const { reference: _all, ...filter } = { reference: '', ...refundsFilter(search) }
  return infiniteQueryOptions({
    ...paged,
    queryKey: ['staff', 'sales', 'refunds', filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET('/api/v1/admin/refunds', { params: { query: { ...filter, size: PAGE, ...pageParam } }, signal })),
  })
}
export const exportRefunds = (search: SalesSearch) =>
  unwrap(api.GET('/api/v1/admin/refunds/export', { params: { query: refundsFilter(search) }, parseAs: 'blob' }))

export const receiptsQuery = (search: SalesSearch) => {
  const { reference: _all, ...filter } = { reference: '', ...receiptsFilter(search) }
  return infiniteQueryOptions({
    ...paged,
    queryKey: ['staff', 'sales', 'receipts', filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET('/api/v1/admin/receipts', { params: { query: { ...filter, size: PAGE, ...pageParam } }, signal })),
  })
}

export const alarmsQuery = (named: string | undefined) => {
  const status = among(ALARM_STATES, named) ?? 'open'
  return infiniteQueryOptions({
    ...paged,
    queryKey: ['staff', 'sales', 'alarms', status],
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET('/api/v1/admin/payment-alarms', { params: { query: { status, size: PAGE, ...pageParam } }, signal })),
  })
}

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
