import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { NarrowPage } from './link-pages.tsx'
import { OidcReturn } from './oidc-return.tsx'
import { Providers, Refused } from './providers.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { SignUpForm } from './sign-up-form.tsx'

/** A path of this site; anything else leads to the account. */
const placeAfter = (next: string | undefined) => (next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/account')

export const SignInPage = () => {
  const { t } = useTranslation('account')
  const { history } = useRouter()
  const { next, oidc, code } = useSearch({ from: '/account/sign-in' })
  const done = () => (oidc === undefined ? history.push(placeAfter(next)) : history.replace(placeAfter(next)))
  if (oidc === 'done' || oidc === 'code')
    return (
      <NarrowPage title={t('in.title')}>
        <OidcReturn outcome={oidc} onDone={done} />
      </NarrowPage>
    )
  return (
    <NarrowPage title={t('in.title')}>
      {oidc === 'failed' && <Refused code={code ?? ''} />}
      <SignInForm onDone={done}>
        <Providers returnTo={placeAfter(next)} />
      </SignInForm>
      <p>
        {t('in.no_account')} <Link to="/account/sign-up">{t('in.sign_up')}</Link>
      </p>
    </NarrowPage>
  )
}

export const SignUpPage = () => {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  return (
    <NarrowPage title={t('up.title')}>
      <SignUpForm onDone={() => void navigate({ to: '/account' })} />
      <Providers returnTo="/account" />
      <p>
        {t('up.have_account')} <Link to="/account/sign-in">{t('up.sign_in')}</Link>
      </p>
    </NarrowPage>
  )
}
