import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { loadTexts } from '#lib/i18n.ts'
import { textsIn } from './data.ts'
import { staffRoute } from './staff-root.ts'

const pricesRoute = createRoute({
  getParentRoute: () => staffRoute,
  path: '/prices',
  loader: () => loadTexts('prices', 'hall'),
})
const getParentRoute = () => pricesRoute
const validateSearch = textsIn('cinema')

const cardsRoute = createRoute({
  getParentRoute,
  path: '/',
  validateSearch,
  component: lazyRouteComponent(() => import('#features/staff/prices/cards-page.tsx'), 'PricesPage'),
})

const newCardRoute = createRoute({
  getParentRoute,
  path: '/new',
  validateSearch,
  component: lazyRouteComponent(() => import('#features/staff/prices/card-page.tsx'), 'NewCardPage'),
})

const cardRoute = createRoute({
  getParentRoute,
  path: '/$card_id',
  component: lazyRouteComponent(() => import('#features/staff/prices/card-page.tsx'), 'CardPage'),
})

const typesRoute = createRoute({
  getParentRoute,
  path: '/types',
  validateSearch,
  component: lazyRouteComponent(() => import('#features/staff/prices/types-page.tsx'), 'TypesPage'),
})

const rulesRoute = createRoute({
  getParentRoute,
  path: '/rules',
  validateSearch,
  component: lazyRouteComponent(() => import('#features/staff/prices/rules-page.tsx'), 'RulesPage'),
})

export const pricesRoutes = pricesRoute.addChildren([cardsRoute, newCardRoute, typesRoute, rulesRoute, cardRoute])
