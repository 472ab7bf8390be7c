import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'

import { loadTexts } from '#lib/i18n.ts'
import { textsIn } from './data.ts'
import { staffRoute } from './staff-root.ts'

const salesRoute = createRoute({
  getParentRoute: () => staffRoute,
  path: '/sales',
  loader: () => loadTexts('desk', 'sales', 'orders', 'hall'),
})
const getParentRoute = () => salesRoute

const firstRoute = createRoute({
  getParentRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/staff/sales/orders', replace: true })
  },
})

const ordersRoute = createRoute({
  getParentRoute,
  path: '/orders',
  validateSearch: textsIn('cinema', 'status', 'reference', 'from', 'to'),
  component: lazyRouteComponent(() => import('#features/staff/sales/orders-page.tsx'), 'OrdersPage'),
})

const orderRoute = createRoute({
  getParentRoute,
  path: '/orders/$order_id',
  component: lazyRouteComponent(() => import('#features/staff/sales/order-page.tsx'), 'SaleOrderPage'),
})

const paymentsRoute = createRoute({
  getParentRoute,
  path: '/payments',
  validateSearch: textsIn('cinema', 'status', 'method', 'reference', 'from', 'to'),
  component: lazyRouteComponent(() => import('#features/staff/sales/payments-page.tsx'), 'PaymentsPage'),
})

const refundsRoute = createRoute({
  getParentRoute,
  path: '/refunds',
  validateSearch: textsIn('cinema', 'status', 'from', 'to'),
  component: lazyRouteComponent(() => import('#features/staff/sales/refunds-page.tsx'), 'RefundsPage'),
})

const receiptsRoute = createRoute({
  getParentRoute,
  path: '/receipts',
  validateSearch: textsIn('cinema', 'kind', 'from', 'to'),
  component: lazyRouteComponent(() => import('#features/staff/sales/receipts-page.tsx'), 'ReceiptsPage'),
})

const alarmsRoute = createRoute({
  getParentRoute,
  path: '/alarms',
  validateSearch: textsIn('status'),
  component: lazyRouteComponent(() => import('#features/staff/sales/alarms-page.tsx'), 'AlarmsPage'),
})

const lists = [ordersRoute, paymentsRoute, refundsRoute, receiptsRoute, alarmsRoute] as const
export const salesRoutes = salesRoute.addChildren([firstRoute, orderRoute, ...lists])
