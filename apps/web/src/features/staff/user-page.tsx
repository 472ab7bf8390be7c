import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useAgo } from '#features/account/ago.ts'
import { useUser } from '#features/account/session.ts'
import { isApiError } from '#lib/api.ts'
import { formatMoney, formatMoment } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { Empty } from '#ui/empty.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from './access.ts'
import { AccountState } from './account-state.tsx'
import { type AdminUser, userQuery } from './api.ts'
import { DeleteSection } from './delete-section.tsx'
import { FactorsSection } from './factors-section.tsx'
import { LookSection } from './look-section.tsx'
import { NotYours } from './refusals.tsx'
import { RoleSection } from './role-section.tsx'
import style from './staff.module.css'
import { StateSection } from './state-section.tsx'
import { UserSignIns } from './user-sign-ins.tsx'

const CURRENCY = 'UAH'

const Facts = ({ user }: { user: AdminUser }) => {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const ago = useAgo()
  const facts = [
    [t('user.number'), String(user.id)],
    [t('user.phone'), user.phone ?? '–'],
    [t('user.since'), formatMoment(language, user.created_at)],
    [t('user.seen'), user.last_login_at === null ? t('users.never') : ago(user.last_login_at)],
    [t('user.tickets'), String(user.tickets_count)],
    [t('user.spent'), formatMoney(language, user.total_spent, CURRENCY)],
  ] as const
  return (
    <dl className={style.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const Person = ({ user }: { user: AdminUser }) => {
  const { t } = useTranslation('staff')
  const me = useUser()
  const [mayManage, mayLook, mayAudit] = [useMay('users.manage'), useMay('users.impersonate'), useMay('audit.read')]
  const isMe = me?.id === user.id
  return (
    <>
      <header className={style.head}>
        <div>
          <h1>{user.full_name || user.username}</h1>
          <p className={style.soft}>
            {user.email} · <AccountState user={user} />
            {!user.is_verified && ` · ${t('user.unverified')}`}
          </p>
        </div>
      </header>
      <Facts user={user} />
      {isMe && <p className={style.note}>{t('user.you')}</p>}
      {mayManage && !isMe && (
        <div className={style.sections}>
          <RoleSection key={`${user.role} ${user.cinema_ids?.join(' ')}`} user={user} />
          <StateSection user={user} />
          <UserSignIns user={user} />
          <FactorsSection user={user} />
          {mayLook && <LookSection user={user} />}
          <DeleteSection user={user} />
        </div>
      )}
      {mayAudit && (
        <p className={style.links}>
          <Link to="/staff/audit" search={{ kind: 'users', object: String(user.id) }}>
            {t('user.audit_of')}
          </Link>
          <Link to="/staff/audit" search={{ actor: `u:${user.id}` }}>
            {t('user.audit_by')}
          </Link>
        </p>
      )}
    </>
  )
}

const Loaded = ({ id }: { id: number }) => {
  const { t } = useTranslation('staff')
  const { data: user, error, refetch } = useQuery(userQuery(id))
  const missing = isApiError(error) && (error.status === 404 || error.status === 422)
  return (
    <div className={style.page}>
      <title>{`${user?.full_name || user?.username || t('nav.users')} · Marquee`}</title>
      <Link to="/staff/users" className={style.back}>
        ← {t('nav.users')}
      </Link>
      {missing && <Empty title={t('user.missing')} hint={t('user.missing_hint')} />}
      {error && !missing && <SectionProblem error={error} retry={() => void refetch()} />}
      {!user && !error && (
        <div className={style.waiting} role="status" aria-label={t('waiting')}>
          <div className="skeleton" />
          <div className="skeleton" />
          <div className="skeleton" />
        </div>
      )}
      {user && <Person user={user} />}
    </div>
  )
}

export const UserPage = () => {
  const { user_id } = useParams({ from: '/staff/users/$user_id' })
  return useMay('users.read') ? <Loaded key={user_id} id={Number(user_id)} /> : <NotYours />
}
