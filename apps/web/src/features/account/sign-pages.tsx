import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import style from './forms.module.css'
import { SignInForm } from './sign-in-form.tsx'
import { SignUpForm } from './sign-up-form.tsx'

export const SignInPage = () => {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  return (
    <section className={`page ${style.narrow}`}>
      <title>{`${t('in.title')} · Marquee`}</title>
      <h1>{t('in.title')}</h1>
      <SignInForm onDone={() => void navigate({ to: '/account' })} />
      <p>
        {t('in.no_account')} <Link to="/account/sign-up">{t('in.sign_up')}</Link>
      </p>
    </section>
  )
}

export const SignUpPage = () => {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  return (
    <section className={`page ${style.narrow}`}>
      <title>{`${t('up.title')} · Marquee`}</title>
      <h1>{t('up.title')}</h1>
      <SignUpForm onDone={() => void navigate({ to: '/account' })} />
      <p>
        {t('up.have_account')} <Link to="/account/sign-in">{t('up.sign_in')}</Link>
      </p>
    </section>
  )
}
