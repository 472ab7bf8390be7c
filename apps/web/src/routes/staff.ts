import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { textsIn } from './data.ts'
import { pricesRoutes } from './staff-prices.ts'
import { promotionsRoutes } from './staff-promotions.ts'
import { staffRoute } from './staff-root.ts'
import { salesRoutes } from './staff-sales.ts'
import { screeningsRoutes } from './staff-screenings.ts'

const getParentRoute = () => staffRoute

const overviewRoute = createRoute({
  getParentRoute,
  path: '/',
  component: lazyRouteComponent(() => import('#features/staff/overview-page.tsx'), 'OverviewPage'),
})

const usersRoute = createRoute({
  getParentRoute,
  path: '/users',
  validateSearch: textsIn('q', 'role', 'state', 'cinema'),
  component: lazyRouteComponent(() => import('#features/staff/users-page.tsx'), 'UsersPage'),
})

const userRoute = createRoute({
  getParentRoute,
  path: '/users/$user_id',
  component: lazyRouteComponent(() => import('#features/staff/user-page.tsx'), 'UserPage'),
})

const auditRoute = createRoute({
  getParentRoute,
  path: '/audit',
  validateSearch: textsIn('actor', 'action', 'kind', 'object', 'from', 'to'),
  component: lazyRouteComponent(() => import('#features/staff/audit-page.tsx'), 'AuditPage'),
})

const desk = [screeningsRoutes, pricesRoutes, promotionsRoutes, salesRoutes] as const
const people = [usersRoute, userRoute, auditRoute] as const

export const staffRoutes = [staffRoute.addChildren([overviewRoute, ...desk, ...people])] as const
