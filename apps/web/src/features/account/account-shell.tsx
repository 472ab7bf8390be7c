import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { forgetTickets } from '#features/orders/kept-tickets.ts'
import type { Shape } from '#lib/api.ts'
import style from './account-shell.module.css'
import { signOut, useIsBorrowed, useUser } from './session.ts'
import { SignInForm } from './sign-in-form.tsx'

const PAGES = [
  ['/account', 'nav.tickets'],
  ['/account/loyalty', 'nav.loyalty'],
  ['/account/profile', 'nav.profile'],
  ['/account/security', 'nav.security'],
  ['/account/privacy', 'nav.privacy'],
] as const

const Side = ({ user }: { user: Shape<'UserResponse'> }) => {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const navigate = useNavigate()
  const borrowed = useIsBorrowed()
  const leave = async () => {
    await signOut(client).catch(() => undefined)
    forgetTickets()
    await navigate({ to: '/' })
  }
  return (
    <aside className={style.side}>
      <p className={style.who}>
        {user.full_name !== '' && <b>{user.full_name}</b>}
        <span>{user.email}</span>
      </p>
      <nav aria-label={t('nav.label')} className={style.nav}>
        {PAGES.map(([to, label]) => (
          <Link key={to} to={to} activeOptions={{ exact: true }}>
            {t(label)}
          </Link>
        ))}
        {!borrowed && (
          <button type="button" onClick={() => void leave()}>
            {t('nav.out')}
          </button>
        )}
      </nav>
    </aside>
  )
}

const GuestSide = () => {
  const { t } = useTranslation('account')
  return (
    <aside className={`${style.side} ${style.guest}`}>
      <p className={style.soft}>{t('profile.guest')}</p>
      <Link to="/account/sign-in" className={style.way}>
        {t('in.submit')}
      </Link>
      <Link to="/account/sign-up" className={style.way}>
        {t('in.sign_up')}
      </Link>
    </aside>
  )
}

type Props = { title: string; guests?: boolean; children: (user: Shape<'UserResponse'> | undefined) => ReactNode }

/** The pages of an account, side by side. Whoever is not signed in does so in place and stays where they wanted to be. */
export const AccountShell = ({ title, guests = false, children }: Props) => {
  const { t } = useTranslation('account')
  const user = useUser()
  return (
    <div className={`page ${style.shell}`}>
      <title>{`${title} · Marquee`}</title>
      {user ? <Side user={user} /> : guests && <GuestSide />}
      <div className={style.main}>
        <h1>{title}</h1>
        {user || guests ? (
          children(user)
        ) : (
          <div className={style.narrow}>
            <p className={style.soft}>{t('in.needed')}</p>
            <SignInForm onDone={() => undefined} />
          </div>
        )}
      </div>
    </div>
  )
}
