import { type Static, Type } from 'typebox'

import { Role, roles, UserCreate, UserQuery, UserResponse } from '#modules/users/schemas.ts'
import { type Permission, permissions } from '#platform/http/access.ts'
import { cursorListOf } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const PermissionName = Type.Enum(Object.keys(permissions) as Permission[])
const CinemaIds = Type.Array(Id, { maxItems: 1000, uniqueItems: true })
const where = 'Where the permissions hold; null is at every cinema.'

export const AdminUser = shape('AdminUser', {
  ...UserResponse.properties,
  cinema_ids: Nullable(Type.Array(Id, { description: where })),
})
export type AdminUser = Static<typeof AdminUser>
export const AdminUserList = cursorListOf('AdminUserList', ref(AdminUser))

export const AdminUserQuery = Type.Object(
  { ...UserQuery.properties, is_verified: Type.Optional(Type.Boolean()), cinema_id: Type.Optional(Id) },
  strict,
)
export type AdminUserQuery = Static<typeof AdminUserQuery>

export const StaffCreate = shape(
  'StaffCreate',
  { ...UserCreate.properties, role: Role, cinema_ids: Type.Optional(CinemaIds) },
  { email: 'taras@example.org', password: 'Marquee-1', full_name: 'Тарас Бойко', role: 'cashier', cinema_ids: [1] },
)
export type StaffCreate = Static<typeof StaffCreate>

/** The second system calls a role a group, and a customer a user. */
const Group = Type.Enum([...roles, 'user'])
export const GroupChange = shape('GroupChange', { group: Type.Optional(Group), role: Type.Optional(Group) }, { role: 'manager' })
export type GroupChange = Static<typeof GroupChange>

export const CinemasChange = shape('CinemasChange', { cinema_ids: CinemaIds }, { cinema_ids: [1, 2] })

export const SignInSeen = shape('SignInSeen', {
  id: Type.String({ format: 'uuid' }),
  user_agent: Nullable(Type.String()),
  ip: Nullable(Type.String()),
  started_at: Timestamp,
  last_used_at: Timestamp,
  expires_at: Timestamp,
})
export const SignInsSeen = shape('SignInsSeen', { items: Type.Array(ref(SignInSeen)) })

export const Impersonation = shape('Impersonation', {
  access_token: Type.String({ description: 'Reads as this person for a few minutes, and changes nothing.' }),
  token_type: Type.Enum(['bearer']),
  expires_in: Type.Integer(),
  user: ref(AdminUser),
})

export const RoleGranted = shape('RoleGranted', {
  role: Role,
  is_everywhere: Type.Boolean({ description: 'False: only at the cinemas somebody is assigned to.' }),
  permissions: Type.Array(PermissionName),
})
export const RolesGranted = shape('RolesGranted', { items: Type.Array(ref(RoleGranted)) })

export const MyAccess = shape('MyAccess', {
  role: Role,
  permissions: Type.Array(PermissionName),
  cinema_ids: Nullable(Type.Array(Id, { description: where })),
  impersonated_by: Nullable(Type.Integer({ ...Id, description: 'Who looks through this person’s eyes and may change nothing.' })),
})
export type MyAccess = Static<typeof MyAccess>

export const staffShapes: object[] = [
  AdminUser,
  AdminUserList,
  StaffCreate,
  GroupChange,
  CinemasChange,
  SignInSeen,
  SignInsSeen,
  Impersonation,
  RoleGranted,
  RolesGranted,
  MyAccess,
]
