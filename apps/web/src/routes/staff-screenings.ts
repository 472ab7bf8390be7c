import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { loadTexts } from '#lib/i18n.ts'
import { textsIn } from './data.ts'
import { staffRoute } from './staff-root.ts'

const rootOfScreenings = createRoute({
  getParentRoute: () => staffRoute,
  path: '/screenings',
  loader: () => loadTexts('desk', 'hall'),
})
const getParentRoute = () => rootOfScreenings

const dayRoute = createRoute({
  getParentRoute,
  path: '/',
  validateSearch: textsIn('cinema', 'day'),
  component: lazyRouteComponent(() => import('#features/staff/sessions/day-page.tsx'), 'DayPage'),
})

const screeningRoute = createRoute({
  getParentRoute,
  path: '/$session_id',
  component: lazyRouteComponent(() => import('#features/staff/sessions/screening-page.tsx'), 'ScreeningPage'),
})

export const screeningsRoutes = rootOfScreenings.addChildren([dayRoute, screeningRoute])
