import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { cinemasQuery } from '#features/cinemas/api.ts'
import { filmQuery, filmShowingsQuery, reviewsQuery } from '#features/films/api.ts'
import { readFilmSearch } from '#features/films/film-search.ts'
import { loadTexts } from '#lib/i18n.ts'
import { numberIn, orMissing, warm } from './data.ts'
import { rootRoute } from './root.tsx'

const REVIEWS_AT_FIRST = 5

export const filmRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/films/$film',
  validateSearch: readFilmSearch,
  loader: async ({ params, context: { queryClient } }) => {
    const id = numberIn(params.film)
    warm(
      () => queryClient.query(cinemasQuery),
      () => queryClient.query(filmShowingsQuery(id)),
      () => queryClient.query(reviewsQuery(id, REVIEWS_AT_FIRST)),
    )
    await Promise.all([queryClient.query({ ...filmQuery(id), staleTime: 'static' }).catch(orMissing), loadTexts('films', 'film')])
    return { id, reviewsAtFirst: REVIEWS_AT_FIRST }
  },
  component: lazyRouteComponent(() => import('#features/films/film-page.tsx'), 'FilmPage'),
})
