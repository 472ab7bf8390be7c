import { IconSearch, IconUser } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { CinemaButton } from '#features/cinemas/cinema-button.tsx'
import { SearchButton } from '#features/search/search-button.tsx'
import style from './header.module.css'
import { LanguageMenu } from './language-menu.tsx'
import { SchemeButton } from './scheme-button.tsx'

const ICON = 22

export const Header = () => {
  const { t } = useTranslation()
  return (
    <header className={style.header}>
      <div className={`page ${style.bar}`}>
        <Link to="/" className={style.wordmark} aria-label={t('home')}>
          <span className={style.lamp} aria-hidden="true" />
          Marquee
        </Link>
        <div className={style.cinema}>
          <CinemaButton />
        </div>
        <nav className={style.tools} aria-label={t('header.tools')}>
          <Link to="/cinemas" className={style.link}>
            {t('header.cinemas')}
          </Link>
          <SearchButton className="icon-button">
            <IconSearch size={ICON} aria-hidden="true" />
          </SearchButton>
          <SchemeButton />
          <LanguageMenu />
          <Link to="/account" className="icon-button" aria-label={t('header.account')} title={t('header.account')}>
            <IconUser size={ICON} aria-hidden="true" />
          </Link>
        </nav>
      </div>
    </header>
  )
}
