import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { cinemaQuery, hallsQuery } from '#features/cinemas/api.ts'
import { filmsQuery } from '#features/films/api.ts'
import { readFilters } from '#features/films/filters.ts'
import { loadTexts } from '#lib/i18n.ts'
import { numberIn, orMissing, warm } from './data.ts'
import { rootRoute } from './root.tsx'

export const cinemaRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/cinemas/$cinema',
  validateSearch: readFilters,
  loader: async ({ params, context: { queryClient } }) => {
    const id = numberIn(params.cinema)
    warm(
      () => queryClient.query(hallsQuery(id)),
      () => queryClient.query(filmsQuery),
    )
    await Promise.all([
      queryClient.query({ ...cinemaQuery(id), staleTime: 'static' }).catch(orMissing),
      loadTexts('films', 'cinemas'),
    ])
    return { id }
  },
  component: lazyRouteComponent(() => import('#features/cinemas/cinema-page.tsx'), 'CinemaPage'),
})
