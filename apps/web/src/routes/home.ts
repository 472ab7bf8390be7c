import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'

import { cinemasQuery } from '#features/cinemas/api.ts'
import { filmsQuery } from '#features/films/api.ts'
import { readFilters } from '#features/films/filters.ts'
import { loadTexts } from '#lib/i18n.ts'
import { warm } from './data.ts'
import { rootRoute } from './root.tsx'

/** Thin: address, search, data. The page itself comes as a chunk of its own while the data travels. */
export const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: readFilters,
  loader: ({ context: { queryClient } }) => {
    warm(
      () => queryClient.query(cinemasQuery),
      () => queryClient.query(filmsQuery),
    )
    return loadTexts('films')
  },
  component: lazyRouteComponent(() => import('#features/films/home-page.tsx'), 'HomePage'),
})

/** Whoever cuts the address of a film short finds what is on. */
export const filmsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/films',
  beforeLoad: () => {
    throw redirect({ to: '/', replace: true })
  },
})
