import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readySession } from '#features/account/session.ts'
import { loadTexts } from '#lib/i18n.ts'
import { rootRoute } from './root.tsx'

const signPages = () => import('#features/account/sign-pages.tsx')

export const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/account',
  loader: async () => {
    // Without a connection the tickets on this device are shown, signed in or not.
    await Promise.all([loadTexts('account', 'orders', 'hall'), readySession().catch(() => undefined)])
  },
  component: lazyRouteComponent(() => import('#features/account/account-page.tsx'), 'AccountPage'),
})

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/account/sign-in',
  loader: () => loadTexts('account'),
  component: lazyRouteComponent(signPages, 'SignInPage'),
})

export const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/account/sign-up',
  loader: () => loadTexts('account'),
  component: lazyRouteComponent(signPages, 'SignUpPage'),
})
