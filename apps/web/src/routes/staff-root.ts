import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readySession } from '#features/account/session.ts'
import { loadTexts } from '#lib/i18n.ts'
import { rootRoute } from './root.tsx'

/** The areas of the staff: a branch that visitors never load. */
export const staffRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/staff',
  loader: () => Promise.all([loadTexts('staff', 'account'), readySession()]),
  component: lazyRouteComponent(() => import('#features/staff/shell.tsx'), 'StaffShell'),
})
