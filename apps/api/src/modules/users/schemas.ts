import { type Static, Type } from 'typebox'

import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'
import { locales } from '#platform/i18n.ts'

export const roles = ['customer', 'cashier', 'moderator', 'manager', 'admin'] as const
export const Role = Type.Enum([...roles])
export const LocaleName = Type.Enum([...locales])

const name = Type.String({ maxLength: 100 })
const ownFields = {
  full_name: Type.Optional(Type.String({ maxLength: 201 })),
  first_name: Type.Optional(name),
  last_name: Type.Optional(name),
  phone: Type.Optional(Nullable(Type.String({ maxLength: 32, pattern: '^[+0-9 ()-]{5,32}$' }))),
  address: Type.Optional(Nullable(Type.String({ maxLength: 300 }))),
  city: Type.Optional(Nullable(Type.String({ maxLength: 100 }))),
  postal_code: Type.Optional(Nullable(Type.String({ maxLength: 20 }))),
  locale: Type.Optional(LocaleName),
  marketing_consent: Type.Optional(Type.Boolean({ description: 'Whether we may write about films and offers.' })),
}

export const UserCreate = shape(
  'UserCreate',
  {
    email: Type.String({ format: 'email', maxLength: 254 }),
    password: Type.String({ minLength: 8, maxLength: 200 }),
    username: Type.Optional(Type.String({ minLength: 3, maxLength: 50, pattern: '^[^@\\s]+$' })),
    ...ownFields,
  },
  { email: 'olena@example.org', password: 'Marquee-1', full_name: 'Olena Petrenko' },
)
export type UserCreate = Static<typeof UserCreate>

export const UserUpdate = shape('UserUpdate', ownFields, { full_name: 'Olena Petrenko', city: 'Lviv', locale: 'uk' })
export type UserUpdate = Static<typeof UserUpdate>

export const UserResponse = shape('UserResponse', {
  id: Id,
  username: Type.String(),
  email: Type.String(),
  full_name: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  phone: Nullable(Type.String()),
  role: Role,
  is_admin: Type.Boolean(),
  is_active: Type.Boolean(),
  is_verified: Type.Boolean(),
  activated_at: Nullable(Timestamp),
  address: Nullable(Type.String()),
  city: Nullable(Type.String()),
  postal_code: Nullable(Type.String()),
  locale: LocaleName,
  marketing_consent: Type.Boolean(),
  loyalty_points: Type.Integer(),
  total_spent: Type.Number({ description: 'What was paid and not given back, in the platform currency.' }),
  tickets_count: Type.Integer({ description: 'Tickets paid for and not cancelled.' }),
  last_login_at: Nullable(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type UserResponse = Static<typeof UserResponse>
export const UserList = cursorListOf('UserList', ref(UserResponse))

export const UserQuery = Type.Object(
  {
    search: Type.Optional(
      // Shorter texts name half of everybody, and no index finds them.
      Type.String({
        minLength: 3,
        maxLength: 100,
        pattern: '^[^\\p{Cc}\\p{Cs}]*$',
        description: 'A part of the e-mail address, the username or the name, at least three characters.',
      }),
    ),
    role: Type.Optional(Role),
    is_active: Type.Optional(Type.Boolean()),
    ...cursorQuery,
  },
  strict,
)
export type UserQuery = Static<typeof UserQuery>

export const usersShapes: object[] = [UserCreate, UserUpdate, UserResponse, UserList]
