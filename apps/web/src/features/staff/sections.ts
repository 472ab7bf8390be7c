import { IconHistory, IconLayoutDashboard, IconUsers } from '@tabler/icons-react'

/** What the staff area is made of. Whoever lacks the permission does not see the way there. */
export const SECTIONS = [
  { to: '/staff', label: 'nav.overview', icon: IconLayoutDashboard, permission: undefined },
  { to: '/staff/users', label: 'nav.users', icon: IconUsers, permission: 'users.read' },
  { to: '/staff/audit', label: 'nav.audit', icon: IconHistory, permission: 'audit.read' },
] as const
