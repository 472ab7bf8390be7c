import type { UserRole } from '../db/types.gen.ts'

export type Role = UserRole

/**
 * Who is asking. `sign_in` is the refresh-token family of the device; who `enrols` must set up a second factor before
 * anything else.
 */
export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'user'; id: number; role: Role; sign_in: string; enrols?: true }
  | { kind: 'guest'; id: string }
  | { kind: 'order_key'; order_id: number }

export type Buyer = Extract<Actor, { kind: 'user' | 'guest' }>
/** Whoever may open something that was bought: its buyer, or the bearer of its order's key. */
export type Holder = Exclude<Actor, { kind: 'anonymous' }>
export type SignedIn = Extract<Actor, { kind: 'user' }>

/** What a role may do beyond its own things. */
export const permissions = {
  'catalogue.write': ['moderator', 'manager', 'admin'],
  'movies.delete': ['moderator', 'admin'],
  'cinemas.write': ['manager', 'admin'],
  'cinemas.delete': ['admin'],
  'sessions.write': ['manager', 'admin'],
  'sessions.delete': ['admin'],
  'tickets.manage': ['cashier', 'manager', 'admin'],
  'tickets.check_in': ['cashier', 'manager', 'admin'],
  'users.read': ['admin'],
  'reviews.moderate': ['moderator', 'manager', 'admin'],
  'reviews.edit': ['admin'],
  'reviews.delete': ['moderator', 'admin'],
  'statistics.read': ['manager', 'admin'],
  'reports.make': ['manager', 'admin'],
  'docs.read': ['cashier', 'moderator', 'manager', 'admin'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

/**
 * Declared by every route. `public` never looks at the caller; `anyone` knows them when they say who they are;
 * `buyer` is a user or a guest; `holder` is that, or the bearer of an order's key; `user` is signed in; `provider` is
 * proved by a signature over the body.
 */
export type Access = 'public' | 'anyone' | 'buyer' | 'holder' | 'user' | 'provider' | Permission

export const may = (actor: Actor, permission: Permission): boolean =>
  actor.kind === 'user' && (permissions[permission] as readonly Role[]).includes(actor.role)

/** The actor's name in journals and idempotency scopes. */
export const actorKey = (actor: Holder): string => {
  if (actor.kind === 'order_key') return `o:${actor.order_id}`
  return actor.kind === 'user' ? `u:${actor.id}` : `g:${actor.id}`
}

/** Whether this is one's own, or what one has the key to. */
export const holds = (actor: Holder, order: { id: number; user_id: number | null; guest_id: string | null }): boolean => {
  if (actor.kind === 'order_key') return order.id === actor.order_id
  return actor.kind === 'user' ? order.user_id === actor.id : order.guest_id === actor.id
}
