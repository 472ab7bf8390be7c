import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { ahead } from '#lib/ahead.ts'
import type { Shape } from '#lib/api.ts'
import { ROLES, type Role } from './roles.ts'

export type Permission = string
export type MyAccess = {
  role: Role
  permissions: Permission[]
  cinema_ids: number[] | null
  impersonated_by: number | null
}
export type AdminUser = Shape<'UserResponse'> & { cinema_ids: number[] | null }
type Page<Item> = { items: Item[]; total: number | null; next_cursor: string | null }
type StaffCreate = { email: string; password: string; full_name: string; role: Role; cinema_ids?: number[] }
export type SignInSeen = {
  id: string
  user_agent: string | null
  ip: string | null
  started_at: string
  last_used_at: string
  expires_at: string
}

const PAGE = 30

export const accessQuery = (user_id: number) =>
  queryOptions({
    queryKey: ['staff', 'access', user_id],
    staleTime: 60_000,
    queryFn: () => ahead<MyAccess>('GET', '/api/v1/users/me/access'),
  })

export type UserSearch = { q?: string; role?: string; state?: string; cinema?: string }

/** Shorter texts name half of everybody: the server does not look for them. */
export const SHORTEST_SEARCH = 3

const STATES: Record<string, object> = {
  active: { is_active: true },
  inactive: { is_active: false },
  unverified: { is_verified: false },
}

const userFilter = ({ q = '', role, state, cinema }: UserSearch) => ({
  ...(q.trim().length >= SHORTEST_SEARCH && { search: q.trim() }),
  ...(ROLES.some((name) => name === role) && { role }),
  ...(state !== undefined && STATES[state]),
  ...(cinema !== undefined && /^\d+$/.test(cinema) && { cinema_id: Number(cinema) }),
})

const pages = <Item>(path: string, queryKey: unknown[], filter: object) =>
  infiniteQueryOptions({
    queryKey: ['staff', ...queryKey, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ahead<Page<Item>>('GET', path, { params: { query: { ...filter, size: PAGE, cursor: pageParam } }, signal }),
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  })

export const usersQuery = (search: UserSearch) => pages<AdminUser>('/api/v1/admin/users', ['users'], userFilter(search))

const one = (id: number) => ({ params: { path: { id } } })

export const userQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'user', id],
    staleTime: 0,
    queryFn: () => ahead<AdminUser>('GET', '/api/v1/admin/users/{id}', one(id)),
  })

export const signInsQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'user', id, 'sign-ins'],
    staleTime: 0,
    queryFn: async () => (await ahead<{ items: SignInSeen[] }>('GET', '/api/v1/admin/users/{id}/sign-ins', one(id))).items,
  })

export const createUser = (body: StaffCreate) => ahead<AdminUser>('POST', '/api/v1/admin/users', { body })

export const setState = (id: number, change: 'activate' | 'block' | 'unblock') =>
  ahead<AdminUser>('POST', `/api/v1/admin/users/{id}/${change}`, one(id))

export const setRole = (id: number, role: Role) =>
  ahead<AdminUser>('PUT', '/api/v1/admin/users/{id}/group', { ...one(id), body: { role } })

export const setCinemas = (id: number, cinema_ids: number[]) =>
  ahead<AdminUser>('PUT', '/api/v1/admin/users/{id}/cinemas', { ...one(id), body: { cinema_ids } })

export const endSignIns = (id: number) => ahead<undefined>('DELETE', '/api/v1/admin/users/{id}/sign-ins', one(id))

export const impersonate = (id: number, reason: string) =>
  ahead<{ access_token: string; expires_in: number; user: AdminUser }>('POST', '/api/v1/admin/users/{id}/impersonate', {
    ...one(id),
    body: reason === '' ? null : { reason },
  })

export type Facts = Record<string, unknown> | null
export type AuditEntry = {
  id: number
  at: string
  actor: string
  actor_name: string | null
  role: string | null
  action: string
  object_kind: string
  object_id: string | null
  before: Facts
  after: Facts
  operation: string | null
  request_id: string | null
  ip: string | null
  sealed: boolean
}

export type AuditSearch = { actor?: string; action?: string; kind?: string; object?: string; from?: string; to?: string }

const DAY_MS = 86_400_000
/** Days are the reader's own, both ends counted. */
const startOf = (day: string) => new Date(`${day}T00:00:00`)
const isDay = (day: string | undefined): day is string => day !== undefined && !Number.isNaN(startOf(day).getTime())

export const auditFilter = ({ actor, action, kind, object, from, to }: AuditSearch) => ({
  ...(actor !== undefined && { actor: /^\d+$/.test(actor) ? `u:${actor}` : actor }),
  ...(action !== undefined && { action }),
  ...(kind !== undefined && { object_kind: kind }),
  ...(object !== undefined && { object_id: object }),
  ...(isDay(from) && { from: startOf(from).toISOString() }),
  ...(isDay(to) && { to: new Date(startOf(to).getTime() + DAY_MS).toISOString() }),
})

export const auditQuery = (search: AuditSearch) => pages<AuditEntry>('/api/v1/admin/audit', ['audit'], auditFilter(search))

export const exportAudit = (search: AuditSearch) =>
  ahead<Blob>('GET', '/api/v1/admin/audit/export', { params: { query: auditFilter(search) }, parseAs: 'blob' })
