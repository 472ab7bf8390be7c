import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'

import { Notices } from '#ui/notices.tsx'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'
import style from './layout.module.css'
import { OfflineBanner } from './offline-banner.tsx'

export const Layout = () => {
  const { t } = useTranslation()
  return (
    <>
      <a className={style.skip} href="#main">
        {t('skip')}
      </a>
      <Header />
      <OfflineBanner />
      <main id="main" className={style.main} tabIndex={-1}>
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <Footer />
      <Notices />
    </>
  )
}
