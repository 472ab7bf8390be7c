import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { loadTexts } from '#lib/i18n.ts'
import { staffRoute } from './staff-root.ts'

const rootOfPromotions = createRoute({
  getParentRoute: () => staffRoute,
  path: '/promotions',
  loader: () => loadTexts('promotions', 'prices', 'desk', 'hall'),
})
const getParentRoute = () => rootOfPromotions

const listRoute = createRoute({
  getParentRoute,
  path: '/',
  component: lazyRouteComponent(() => import('#features/staff/promotions/promotions-page.tsx'), 'PromotionsPage'),
})

const newRoute = createRoute({
  getParentRoute,
  path: '/new',
  component: lazyRouteComponent(() => import('#features/staff/promotions/promotion-page.tsx'), 'NewPromotionPage'),
})

const promotionRoute = createRoute({
  getParentRoute,
  path: '/$promotion_id',
  component: lazyRouteComponent(() => import('#features/staff/promotions/promotion-page.tsx'), 'PromotionPage'),
})

export const promotionsRoutes = rootOfPromotions.addChildren([listRoute, newRoute, promotionRoute])
