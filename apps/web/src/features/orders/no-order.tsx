import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { PageProblem } from '#ui/problem.tsx'
import style from './pay.module.css'

/** Somebody else's order and none at all look the same. */
export const NoOrder = (props: ErrorComponentProps) => {
  const { t } = useTranslation('orders')
  const { error } = props as { error: unknown }
  if (!isApiError(error) || (error.status !== 404 && error.status !== 401)) return <PageProblem {...props} />
  return (
    <section className={`page ${style.over}`}>
      <h1>{t('trouble.not_found')}</h1>
      <p>{t('trouble.not_found_hint')}</p>
      <Link to="/account/sign-in" className={style.wayOn}>
        {t('pay.sign_in')}
      </Link>
    </section>
  )
}
