import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'

import { useIsBorrowed } from '#features/account/session.ts'
import { Notices } from '#ui/notices.tsx'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'
import style from './layout.module.css'
import { OfflineBanner } from './offline-banner.tsx'

const ImpersonationBanner = lazy(async () => {
  const { ImpersonationBanner: Banner } = await import('#features/staff/impersonation-banner.tsx')
  return { default: Banner }
})

export const Layout = () => {
  const { t } = useTranslation()
  const staff = useRouterState({ select: ({ matches }) => matches[1]?.routeId === '/staff' })
  const borrowed = useIsBorrowed()
  return (
    <>
      <a className={style.skip} href="#main">
        {t('skip')}
      </a>
      <Header staff={staff} />
      <OfflineBanner />
      <main id="main" className={style.main} tabIndex={-1}>
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      {!staff && <Footer />}
      {borrowed && (
        <Suspense>
          <ImpersonationBanner />
        </Suspense>
      )}
      <Notices />
    </>
  )
}
