import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readySession } from '#features/account/session.ts'
import { orderByReference, paymentProvider } from '#features/orders/api.ts'
import { readPay } from '#features/orders/pay-address.ts'
import { loadTexts } from '#lib/i18n.ts'
import { rootRoute } from './root.tsx'

export const payRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/pay/$reference',
  validateSearch: readPay,
  loaderDeps: ({ search: { key } }) => ({ key }),
  loader: async ({ params, deps, context: { queryClient } }) => {
    await Promise.all([loadTexts('orders', 'hall', 'account'), readySession()])
    await Promise.all([queryClient.query(orderByReference(params.reference, deps.key)), queryClient.query(paymentProvider)])
  },
  component: lazyRouteComponent(() => import('#features/orders/pay-page.tsx'), 'PayPage'),
  errorComponent: lazyRouteComponent(() => import('#features/orders/no-order.tsx'), 'NoOrder'),
})
