import { type Access, boundToCinemas, everywhere, type Permission, permissions, type Reach, type Role } from './access.ts'

export const askers = ['anonymous', 'customer', 'cashier', 'moderator', 'manager', 'admin'] as const
export type Asker = (typeof askers)[number]

/** Whose things an operation may speak of when this person asks. */
export type Cell = { own: boolean; cinema: boolean; all: boolean }

const NOTHING: Cell = { own: false, cinema: false, all: false }
const EVERYTHING: Cell = { own: true, cinema: true, all: true }

const has = (asker: Asker, permission: Permission): boolean => (permissions[permission] as readonly string[]).includes(asker)

const isLetIn = (asker: Asker, access: Access): boolean => {
  if (access === 'public' || access === 'anyone') return true
  if (access === 'provider' || asker === 'anonymous') return false
  return access in permissions ? has(asker, access as Permission) : true
}

const reaching = (asker: Asker, permission: Permission): Cell => {
  if (!has(asker, permission)) return NOTHING
  const isEverywhere = !boundToCinemas.has(permission) || everywhere.includes(asker as Role)
  return { own: false, cinema: true, all: isEverywhere }
}

/** What access and reach together promise; the documentation prints it and the proof tries it. */
export const cellOf = (asker: Asker, access: Access, reach: Reach): Cell => {
  if (!isLetIn(asker, access)) return NOTHING
  if (reach === 'any') return EVERYTHING
  if (reach === 'cinema') return reaching(asker, access as Permission)
  const [, permission] = reach.split(' or ')
  return { ...(permission ? reaching(asker, permission as Permission) : NOTHING), own: asker !== 'anonymous' }
}

export const cellText = ({ own, cinema, all }: Cell): string => {
  if (all) return '✓'
  const words = [own && 'own', cinema && 'cinema'].filter((word) => word !== false)
  return words.length > 0 ? words.join(', ') : '–'
}
