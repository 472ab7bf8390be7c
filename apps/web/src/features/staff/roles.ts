export const ROLES = ['customer', 'cashier', 'moderator', 'manager', 'admin'] as const
export type Role = (typeof ROLES)[number]

export const isRole = (value: string): value is Role => ROLES.some((role) => role === value)

/** Whose permissions hold only at the cinemas they work at. */
export const worksAtCinemas = (role: Role) => role === 'cashier' || role === 'manager'
