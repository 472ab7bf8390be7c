import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router'

import { readySession } from '#features/account/session.ts'
import { orderById } from '#features/orders/api.ts'
import { loadTexts } from '#lib/i18n.ts'
import { rootRoute } from './root.tsx'

type Search = { key?: string; ticket?: number }

/** Other seats for tickets of a paid order; the key comes with the link in the mail. */
export const exchangeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/exchange/$order_id',
  validateSearch: ({ key, ticket }: Record<string, unknown>): Search => ({
    ...(typeof key === 'string' && key !== '' && { key }),
    ...(Number.isInteger(Number(ticket)) && Number(ticket) > 0 && { ticket: Number(ticket) }),
  }),
  loaderDeps: ({ search }) => search,
  loader: async ({ params, deps, context: { queryClient } }) => {
    const id = Number(params.order_id)
    if (!Number.isInteger(id) || id < 1) throw notFound()
    await Promise.all([loadTexts('returns', 'orders', 'hall'), readySession()])
    await queryClient.query(orderById(id, deps.key))
  },
  component: lazyRouteComponent(() => import('#features/returns/exchange-page.tsx'), 'ExchangePage'),
  errorComponent: lazyRouteComponent(() => import('#features/orders/no-order.tsx'), 'NoOrder'),
})
