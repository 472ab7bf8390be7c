import type { UserRole } from '../db/types.gen.ts'
import { AppError } from '../errors.ts'

export type Role = UserRole

/** What a role may do beyond its own things, as a new house begins; the tables say what holds. A test compares the two. */
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
  'users.manage': ['admin'],
  'users.impersonate': ['admin'],
  'audit.read': ['admin'],
  'reviews.moderate': ['moderator', 'manager', 'admin'],
  'reviews.edit': ['admin'],
  'reviews.delete': ['moderator', 'admin'],
  'statistics.read': ['manager', 'admin'],
  'sales.read': ['moderator', 'manager', 'admin'],
  'payments.oversee': ['manager', 'admin'],
  'reports.make': ['manager', 'admin'],
  'promotions.write': ['manager', 'admin'],
  'refunds.manage': ['manager', 'admin'],
  'receipts.read': ['manager', 'admin'],
  'prices.write': ['manager', 'admin'],
  'docs.read': ['cashier', 'moderator', 'manager', 'admin'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

/** The roles that work at every cinema as a new house begins; the table of roles says what holds. */
export const everywhere: readonly Role[] = ['moderator', 'admin']

/** Permissions that end at the doors of the cinemas where their bearer works. */
export const boundToCinemas = new Set<Permission>([
  'cinemas.write',
  'cinemas.delete',
  'sessions.write',
  'sessions.delete',
  'tickets.manage',
  'tickets.check_in',
  'statistics.read',
  'sales.read',
  'payments.oversee',
  'reports.make',
  'promotions.write',
  'refunds.manage',
  'receipts.read',
  'prices.write',
])

/**
 * Of which things a route speaks to somebody whom its access lets in: of any, of those of the caller's cinemas, of the
 * caller's own, or of those and, with a permission, of others.
 */
export type Reach = 'any' | 'cinema' | 'own' | `own or ${Permission}`

/** Who is asking. `sign_in` is the refresh-token family of the device. */
export type Actor =
  | { kind: 'anonymous' }
  | {
      kind: 'user'
      id: number
      role: Role
      sign_in: string
      /** Must set up a second factor before anything else. */
      enrols?: true
      permissions: ReadonlySet<Permission>
      /** Where the permissions hold; null is at every cinema. */
      cinema_ids: readonly number[] | null
      /** Who looks through this person's eyes, and may only look. */
      impersonated_by: number | null
    }
  | { kind: 'guest'; id: string }
  | { kind: 'order_key'; order_id: number }

export type Buyer = Extract<Actor, { kind: 'user' | 'guest' }>
/** Whoever may open something that was bought: its buyer, or the bearer of its order's key. */
export type Holder = Exclude<Actor, { kind: 'anonymous' }>
export type SignedIn = Extract<Actor, { kind: 'user' }>

/**
 * Declared by every route. `public` never looks at the caller; `anyone` knows them when they say who they are;
 * `buyer` is a user or a guest; `holder` is that, or the bearer of an order's key; `user` is signed in; `provider` is
 * proved by a signature over the body.
 */
export type Access = 'public' | 'anyone' | 'buyer' | 'holder' | 'user' | 'provider' | Permission

export const may = (actor: Actor, permission: Permission): boolean => actor.kind === 'user' && actor.permissions.has(permission)

/** Where this actor's permissions hold; null is at every cinema. */
export const cinemasOf = (actor: Actor): readonly number[] | null => (actor.kind === 'user' ? actor.cinema_ids : [])

export const worksAt = (actor: Actor, cinemaId: number): boolean => cinemasOf(actor)?.includes(cinemaId) ?? true

const elsewhere = () => new AppError(403, 'auth.other_cinema', 'You do not work at this cinema.')

/** For routes that ask for a permission: it does not reach into the cinemas of others. */
export const requireWorkAt = (actor: Actor, cinemaId: number): void => {
  if (!worksAt(actor, cinemaId)) throw elsewhere()
}

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
