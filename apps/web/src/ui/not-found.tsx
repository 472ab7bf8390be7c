import { useTranslation } from 'react-i18next'

import { ButtonLink } from './button-link.tsx'
import style from './problem.module.css'

/** An address that leads nowhere still leads on. */
export const NotFound = () => {
  const { t } = useTranslation()
  return (
    <section className={`page ${style.problem}`}>
      <title>{`${t('missing.title')} · Marquee`}</title>
      <p className={style.number} aria-hidden="true">
        404
      </p>
      <h1>{t('missing.title')}</h1>
      <p>{t('missing.hint')}</p>
      <div className={style.ways}>
        <ButtonLink to="/" size="md">
          {t('missing.films')}
        </ButtonLink>
        <ButtonLink to="/search" size="md" variant="default">
          {t('missing.search')}
        </ButtonLink>
      </div>
    </section>
  )
}
