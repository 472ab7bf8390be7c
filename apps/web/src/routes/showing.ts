import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router'

import { readySession } from '#features/account/session.ts'
import { hallOf, sessionById } from '#features/hall/api.ts'
import { loadTexts } from '#lib/i18n.ts'
import { orMissing } from './data.ts'
import { rootRoute } from './root.tsx'

export const showingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/showing/$session_id',
  loader: async ({ params, context: { queryClient } }) => {
    const id = Number(params.session_id)
    if (!Number.isInteger(id) || id < 1) throw notFound()
    await Promise.all([
      loadTexts('hall', 'orders'),
      readySession(),
      queryClient.query({ ...sessionById(id), staleTime: 'static' }),
      queryClient.query(hallOf(id)),
    ]).catch(orMissing)
  },
  component: lazyRouteComponent(() => import('#features/hall/showing-page.tsx'), 'ShowingPage'),
})
