import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import style from './footer.module.css'

export const Footer = () => {
  const { t } = useTranslation()
  return (
    <footer className={style.footer}>
      <div className={`page ${style.row}`}>
        <p className={style.line}>{t('footer.line')}</p>
        <nav aria-label={t('footer.nav')} className={style.links}>
          <Link to="/">{t('footer.films')}</Link>
          <Link to="/cinemas">{t('footer.cinemas')}</Link>
          <Link to="/search">{t('footer.search')}</Link>
          <Link to="/account">{t('footer.tickets')}</Link>
        </nav>
      </div>
    </footer>
  )
}
