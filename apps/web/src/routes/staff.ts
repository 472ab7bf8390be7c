import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readySession } from '#features/account/session.ts'
import { loadTexts } from '#lib/i18n.ts'
import { textsIn } from './data.ts'
import { rootRoute } from './root.tsx'

/** The areas of the staff: a branch that visitors never load. */
const staffRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/staff',
  loader: () => Promise.all([loadTexts('staff', 'account'), readySession()]),
  component: lazyRouteComponent(() => import('#features/staff/shell.tsx'), 'StaffShell'),
})
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

export const staffRoutes = [staffRoute.addChildren([overviewRoute, usersRoute, userRoute, auditRoute])] as const
