import { IconCoins, IconDiscount, IconHistory, IconLayoutDashboard, IconMovie, IconTag, IconUsers } from '@tabler/icons-react'

/** What the staff area is made of. Whoever lacks the permission does not see the way there. */
export const SECTIONS = [
  { to: '/staff', label: 'nav.overview', about: undefined, icon: IconLayoutDashboard, permission: undefined },
  {
    to: '/staff/screenings',
    label: 'nav.screenings',
    about: 'overview.screenings',
    icon: IconMovie,
    permission: 'sessions.write',
  },
  { to: '/staff/prices', label: 'nav.prices', about: 'overview.prices', icon: IconTag, permission: 'prices.write' },
  {
    to: '/staff/promotions',
    label: 'nav.promotions',
    about: 'overview.promotions',
    icon: IconDiscount,
    permission: 'promotions.write',
  },
  { to: '/staff/sales', label: 'nav.sales', about: 'overview.sales', icon: IconCoins, permission: 'sales.read' },
  { to: '/staff/users', label: 'nav.users', about: 'overview.users', icon: IconUsers, permission: 'users.read' },
  { to: '/staff/audit', label: 'nav.audit', about: 'overview.audit', icon: IconHistory, permission: 'audit.read' },
] as const
