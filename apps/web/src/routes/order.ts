import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readySession } from '#features/account/session.ts'
import { orderByReference } from '#features/orders/api.ts'
import { loadTexts } from '#lib/i18n.ts'
import { rootRoute } from './root.tsx'

export const orderRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/order/$reference',
  validateSearch: (search: Record<string, unknown>): { key?: string } =>
    typeof search['key'] === 'string' && search['key'] !== '' ? { key: search['key'] } : {},
  loaderDeps: ({ search }) => search,
  loader: async ({ params, deps, context: { queryClient } }) => {
    await Promise.all([loadTexts('orders', 'hall', 'account', 'returns'), readySession()])
    await queryClient.query(orderByReference(params.reference, deps.key))
  },
  component: lazyRouteComponent(() => import('#features/orders/order-page.tsx'), 'OrderPage'),
  errorComponent: lazyRouteComponent(() => import('#features/orders/no-order.tsx'), 'NoOrder'),
})
