import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { filmsQuery } from '#features/films/api.ts'
import { loadTexts } from '#lib/i18n.ts'
import { warm } from './data.ts'
import { rootRoute } from './root.tsx'

const LONGEST = 100

export const searchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/search',
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } =>
    typeof q === 'string' && q.trim() !== '' ? { q: q.slice(0, LONGEST) } : {},
  loader: ({ context: { queryClient } }) => {
    warm(() => queryClient.query(filmsQuery))
    return loadTexts('films', 'search')
  },
  component: lazyRouteComponent(() => import('#features/search/search-page.tsx'), 'SearchPage'),
})
