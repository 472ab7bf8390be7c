import type { UserRole } from '../db/types.gen.ts'

export type Role = UserRole

/** Who is asking. `sign_in` is the refresh-token family of the device. */
export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'user'; id: number; role: Role; sign_in: string }
  | { kind: 'guest'; id: string }

export type Buyer = Exclude<Actor, { kind: 'anonymous' }>
export type SignedIn = Extract<Actor, { kind: 'user' }>

/** What a role may do beyond its own things. */
export const permissions = {
  'catalogue.write': ['moderator', 'manager', 'admin'],
  'cinemas.write': ['manager', 'admin'],
  'sessions.write': ['manager', 'admin'],
  'tickets.manage': ['cashier', 'manager', 'admin'],
  'tickets.check_in': ['cashier', 'manager', 'admin'],
  'docs.read': ['cashier', 'moderator', 'manager', 'admin'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

/**
 * Declared by every route. `public` never looks at the caller; `anyone` knows them when they say who they are;
 * `buyer` is a user or a guest; `user` is signed in; `provider` is proved by a signature over the body.
 */
export type Access = 'public' | 'anyone' | 'buyer' | 'user' | 'provider' | Permission

export const may = (actor: Actor, permission: Permission): boolean =>
  actor.kind === 'user' && (permissions[permission] as readonly Role[]).includes(actor.role)

/** The actor's name in journals and idempotency scopes. */
export const actorKey = (actor: Buyer): string => (actor.kind === 'user' ? `u:${actor.id}` : `g:${actor.id}`)
