import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useUser } from '#features/account/session.ts'
import { SignInForm } from '#features/account/sign-in-form.tsx'
import { isApiError, type Shape } from '#lib/api.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import { AccessContext } from './access.ts'
import { accessQuery, type MyAccess } from './api.ts'
import { NeedsFactor, NoAccess } from './refusals.tsx'
import { SECTIONS } from './sections.ts'
import style from './shell.module.css'

const ICON = 20

const Nav = ({ access }: { access: MyAccess }) => {
  const { t } = useTranslation('staff')
  const open = SECTIONS.filter(({ permission }) => permission === undefined || access.permissions.includes(permission))
  return (
    <nav className={style.nav} aria-label={t('nav.label')}>
      {open.map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/staff', includeSearch: false }}>
          <Icon size={ICON} aria-hidden />
          <span>{t(label)}</span>
        </Link>
      ))}
    </nav>
  )
}

const Inside = ({ user }: { user: Shape<'UserResponse'> }) => {
  const { t } = useTranslation('staff')
  const { data: access, error, refetch } = useQuery(accessQuery(user.id))
  if (error && isApiError(error) && error.code === 'auth.enrolment_required') return <NeedsFactor />
  if (error) return <SectionProblem error={error} retry={() => void refetch()} />
  if (!access)
    return (
      <div className={style.waiting} role="status" aria-label={t('waiting')}>
        <div className="skeleton" />
        <div className="skeleton" />
      </div>
    )
  if (access.role === 'customer') return <NoAccess email={user.email} />
  return (
    <AccessContext value={access}>
      <div className={style.inside}>
        <Nav access={access} />
        <div className={style.main}>
          <Outlet />
        </div>
      </div>
    </AccessContext>
  )
}

/** Around every page of the staff: who may see what, and the way between. */
export const StaffShell = () => {
  const { t } = useTranslation('staff')
  const user = useUser()
  return (
    <div className={style.shell}>
      {user ? (
        <Inside key={user.id} user={user} />
      ) : (
        <section className={style.door}>
          <title>{`${t('title')} · Marquee`}</title>
          <h1>{t('title')}</h1>
          <p>{t('door')}</p>
          <SignInForm onDone={() => undefined} />
        </section>
      )}
    </div>
  )
}
