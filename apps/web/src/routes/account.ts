import { createRoute, lazyRouteComponent } from '@tanstack/react-router'

import { readySession } from '#features/account/session.ts'
import { loadTexts } from '#lib/i18n.ts'
import { textsIn } from './data.ts'
import { rootRoute } from './root.tsx'

const signPages = () => import('#features/account/sign-pages.tsx')
const linkPages = () => import('#features/account/link-pages.tsx')

/** Without a connection what is kept on this device is shown, signed in or not. */
const ready = (...texts: string[]) => Promise.all([loadTexts('account', ...texts), readySession().catch(() => undefined)])
const getParentRoute = () => rootRoute
const loader = () => loadTexts('account')

const accountRoute = createRoute({
  getParentRoute,
  path: '/account',
  loader: () => ready('orders', 'hall', 'returns'),
  component: lazyRouteComponent(() => import('#features/account/account-page.tsx'), 'AccountPage'),
})

const loyaltyRoute = createRoute({
  getParentRoute,
  path: '/account/loyalty',
  loader: () => ready('loyalty'),
  component: lazyRouteComponent(() => import('#features/account/loyalty-page.tsx'), 'LoyaltyPage'),
})

const profileRoute = createRoute({
  getParentRoute,
  path: '/account/profile',
  loader: () => ready('settings'),
  component: lazyRouteComponent(() => import('#features/account/profile-page.tsx'), 'ProfilePage'),
})

const securityRoute = createRoute({
  getParentRoute,
  path: '/account/security',
  loader: () => ready('settings'),
  component: lazyRouteComponent(() => import('#features/account/security-page.tsx'), 'SecurityPage'),
})

const privacyRoute = createRoute({
  getParentRoute,
  path: '/account/privacy',
  loader: () => ready('settings'),
  component: lazyRouteComponent(() => import('#features/account/privacy-page.tsx'), 'PrivacyPage'),
})

const signInRoute = createRoute({
  getParentRoute,
  path: '/account/sign-in',
  validateSearch: textsIn('next', 'oidc', 'code'),
  loader,
  component: lazyRouteComponent(signPages, 'SignInPage'),
})

const signUpRoute = createRoute({
  getParentRoute,
  path: '/account/sign-up',
  loader,
  component: lazyRouteComponent(signPages, 'SignUpPage'),
})

const activateRoute = createRoute({
  getParentRoute,
  path: '/account/activate',
  validateSearch: textsIn('token'),
  loader,
  component: lazyRouteComponent(linkPages, 'ActivatePage'),
})

const forgotRoute = createRoute({
  getParentRoute,
  path: '/account/forgot',
  validateSearch: textsIn('email'),
  loader,
  component: lazyRouteComponent(linkPages, 'ForgotPage'),
})

const resetRoute = createRoute({
  getParentRoute,
  path: '/account/reset',
  validateSearch: textsIn('token'),
  loader,
  component: lazyRouteComponent(() => import('#features/account/reset-page.tsx'), 'ResetPage'),
})

const emailRoute = createRoute({
  getParentRoute,
  path: '/account/email',
  validateSearch: textsIn('token'),
  loader,
  component: lazyRouteComponent(linkPages, 'EmailPage'),
})

export const accountRoutes = [
  accountRoute,
  loyaltyRoute,
  profileRoute,
  securityRoute,
  privacyRoute,
  signInRoute,
  signUpRoute,
  activateRoute,
  forgotRoute,
  resetRoute,
  emailRoute,
] as const
