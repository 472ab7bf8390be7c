import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api, type Shape, unwrap } from '#lib/api.ts'
import { behind, FIRST, PAGE } from './paging.ts'
import { momentsOf } from './period.ts'
import { ROLES, type Role } from './roles.ts'

export type MyAccess = Shape<'MyAccess'>
export type Permission = MyAccess['permissions'][number]
export type AdminUser = Shape<'AdminUser'>
export type AuditEntry = Shape<'AuditEntry'>

export const accessQuery = (user_id: number) =>
  queryOptions({
    queryKey: ['staff', 'access', user_id],
    staleTime: 60_000,
    queryFn: () => unwrap(api.GET('/api/v1/users/me/access')),
  })

export type UserSearch = { q?: string; role?: string; state?: string; cinema?: string }

/** Shorter texts name half of everybody: the server does not look for them. */
export const SHORTEST_SEARCH = 3

const STATES: Record<string, { is_active?: boolean; is_verified?: boolean }> = {
  active: { is_active: true },
  inactive: { is_active: false },
  unverified: { is_verified: false },
}

const userFilter = ({ q = '', role: named, state, cinema }: UserSearch) => {
  const role = ROLES.find((one) => one === named)
  return {
    ...(q.trim().length >= SHORTEST_SEARCH && { search: q.trim() }),
    ...(role && { role }),
    ...(state !== undefined && STATES[state]),
    ...(cinema !== undefined && /^\d+$/.test(cinema) && { cinema_id: Number(cinema) }),
  }
}

export const usersQuery = (search: UserSearch) => {
  const filter = userFilter(search)
  return infiniteQueryOptions({
    queryKey: ['staff', 'users', filter],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET('/api/v1/admin/users', { params: { query: { ...filter, size: PAGE, ...pageParam } }, signal })),
    getNextPageParam: behind,
  })
}

const one = (id: number) => ({ params: { path: { id } } })

export const userQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'user', id],
    staleTime: 0,
    queryFn: () => unwrap(api.GET('/api/v1/admin/users/{id}', one(id))),
  })

export const signInsQuery = (id: number) =>
  queryOptions({
    queryKey: ['staff', 'user', id, 'sign-ins'],
    staleTime: 0,
    queryFn: async () => (await unwrap(api.GET('/api/v1/admin/users/{id}/sign-ins', one(id)))).items,
  })

export const createUser = (body: Shape<'StaffCreate'>) => unwrap(api.POST('/api/v1/admin/users', { body }))

export const activateUser = (id: number) => unwrap(api.POST('/api/v1/admin/users/{id}/activate', one(id)))
export const blockUser = (id: number) => unwrap(api.POST('/api/v1/admin/users/{id}/block', one(id)))
export const unblockUser = (id: number) => unwrap(api.POST('/api/v1/admin/users/{id}/unblock', one(id)))

export const setRole = (id: number, role: Role) =>
  unwrap(api.PUT('/api/v1/admin/users/{id}/group', { ...one(id), body: { role } }))

export const setCinemas = (id: number, cinema_ids: number[]) =>
  unwrap(api.PUT('/api/v1/admin/users/{id}/cinemas', { ...one(id), body: { cinema_ids } }))

export const endSignIns = (id: number) => unwrap(api.DELETE('/api/v1/admin/users/{id}/sign-ins', one(id)))

export const removeFactors = (id: number) => unwrap(api.DELETE('/api/v1/admin/users/{id}/factors', one(id)))

/** `confirm` goes on although there are tickets to come. */
export const deleteUser = (id: number, confirm: boolean) =>
  unwrap(api.DELETE('/api/v1/admin/users/{id}', { ...one(id), body: { confirm } }))

export const impersonate = (id: number, reason: string) =>
  unwrap(api.POST('/api/v1/admin/users/{id}/impersonate', { ...one(id), body: reason === '' ? null : { reason } }))

export type AuditSearch = { actor?: string; action?: string; kind?: string; object?: string; from?: string; to?: string }

const auditFilter = ({ actor, action, kind, object, from, to }: AuditSearch) => ({
  ...(actor !== undefined && { actor: /^\d+$/.test(actor) ? `u:${actor}` : actor }),
  ...(action !== undefined && { action }),
  ...(kind !== undefined && { object_kind: kind }),
  ...(object !== undefined && { object_id: object }),
  ...momentsOf({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }),
})

export const auditQuery = (search: AuditSearch) => {
  const filter = auditFilter(search)
  return infiniteQueryOptions({
    queryKey: ['staff', 'audit', filter],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET('/api/v1/admin/audit', { params: { query: { ...filter, size: PAGE, ...pageParam } }, signal })),
    getNextPageParam: behind,
  })
}

export const exportAudit = (search: AuditSearch) =>
  unwrap(api.GET('/api/v1/admin/audit/export', { params: { query: auditFilter(search) }, parseAs: 'blob' }))
