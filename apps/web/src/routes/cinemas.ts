import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { cinemasQuery } from '#features/cinemas/api.ts'
import { loadTexts } from '#lib/i18n.ts'
import { warm } from './data.ts'
import { rootRoute } from './root.tsx'

export const cinemasRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/cinemas',
  loader: ({ context: { queryClient } }) => {
    warm(() => queryClient.query(cinemasQuery))
    return loadTexts('cinemas')
  },
  component: lazyRouteComponent(() => import('#features/cinemas/cinemas-page.tsx'), 'CinemasPage'),
})
