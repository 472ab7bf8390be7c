import { useTranslation } from 'react-i18next'

import style from './page-waiting.module.css'

/** The shape of a page that is on its way. */
export const PageWaiting = () => {
  const { t } = useTranslation()
  return (
    <div className={`page ${style.waiting}`} role="status" aria-label={t('loading')}>
      <div className={`skeleton ${style.title}`} />
      <div className={`skeleton ${style.line}`} />
      <div className={`skeleton ${style.body}`} />
    </div>
  )
}
