import { IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { CinemaButton } from '#features/cinemas/cinema-button.tsx'
import { SearchButton } from '#features/search/search-button.tsx'
import { AccountButton } from './account-button.tsx'
import style from './header.module.css'
import { LanguageMenu } from './language-menu.tsx'
import { SchemeButton } from './scheme-button.tsx'

const ICON = 22

/** Staff keep what is for everybody; what visitors look for stays out of their way. */
export const Header = ({ staff }: { staff: boolean }) => {
  const { t } = useTranslation()
  return (
    <header className={style.header}>
      <div className={`page ${style.bar}`} data-staff={staff}>
        <Link to="/" className={style.wordmark} aria-label={t('home')}>
          <span className={style.lamp} aria-hidden="true" />
          Marquee
        </Link>
        <div className={style.cinema}>{staff ? t('header.staff') : <CinemaButton />}</div>
        <nav className={style.tools} aria-label={t('header.tools')}>
          {!staff && (
            <>
              <Link to="/cinemas" className={style.link}>
                {t('header.cinemas')}
              </Link>
              <SearchButton className="icon-button">
                <IconSearch size={ICON} aria-hidden="true" />
              </SearchButton>
            </>
          )}
          <SchemeButton />
          <LanguageMenu />
          <AccountButton />
        </nav>
      </div>
    </header>
  )
}
