import type { QueryClient } from '@tanstack/react-query'
import { createRouter, type RouterHistory } from '@tanstack/react-router'

import { accountRoutes } from '#routes/account.ts'
import { cinemaRoute } from '#routes/cinema.ts'
import { cinemasRoute } from '#routes/cinemas.ts'
import { exchangeRoute } from '#routes/exchange.ts'
import { filmRoute } from '#routes/film.ts'
import { filmsRoute, homeRoute } from '#routes/home.ts'
import { orderRoute } from '#routes/order.ts'
import { payRoute } from '#routes/pay.ts'
import { rootRoute } from '#routes/root.tsx'
import { searchRoute } from '#routes/search.ts'
import { showingRoute } from '#routes/showing.ts'
import { staffRoutes } from '#routes/staff.ts'
import { NotFound } from '#ui/not-found.tsx'
import { PageWaiting } from '#ui/page-waiting.tsx'
import { PageProblem } from '#ui/problem.tsx'

const buying = [showingRoute, payRoute, orderRoute, exchangeRoute] as const
/** Every page of the app. A new one: routes/<name>.ts, then its line here. */
const routeTree = rootRoute.addChildren([
  homeRoute,
  filmsRoute,
  filmRoute,
  cinemasRoute,
  cinemaRoute,
  searchRoute,
  ...buying,
  ...accountRoutes,
  ...staffRoutes,
])

const readSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text))

/** Addresses that people can read and type: no quotes, no braces. */
const writeSearch = (search: Record<string, unknown>): string => {
  const known = Object.entries(search).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : [],
  )
  return known.length > 0 ? `?${new URLSearchParams(known).toString()}` : ''
}

/** In the browser the address bar is the history; the server brings one for the page it paints, where nothing scrolls. */
export const createAppRouter = (queryClient: QueryClient, history?: RouterHistory) =>
  createRouter({
    routeTree,
    context: { queryClient },
    ...(history && { history }),
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    defaultPendingMs: 150,
    defaultPendingMinMs: 0,
    scrollRestoration: history === undefined,
    defaultErrorComponent: PageProblem,
    defaultNotFoundComponent: NotFound,
    defaultPendingComponent: PageWaiting,
  })

export type AppRouter = ReturnType<typeof createAppRouter>

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter
  }
}
