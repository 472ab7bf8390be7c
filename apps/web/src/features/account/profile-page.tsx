import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { SectionProblem } from '#ui/section-problem.tsx'
import { AccountShell } from './account-shell.tsx'
import { Avatar } from './avatar.tsx'
import { profileQuery } from './profile-api.ts'
import { ProfileForm } from './profile-form.tsx'
import style from './settings.module.css'

export const ProfilePage = () => {
  const { t } = useTranslation(['settings', 'account'])
  const { data: profile, error, refetch } = useQuery(profileQuery)
  return (
    <AccountShell title={t('account:nav.profile')}>
      {(user) => {
        if (error) return <SectionProblem error={error} retry={() => void refetch()} />
        if (!profile || !user)
          return <div className={`skeleton ${style.waiting}`} role="status" aria-label={t('settings:waiting')} />
        return (
          <div className={style.sections}>
            <Avatar user={user} profile={profile} />
            <ProfileForm key={user.id} user={user} profile={profile} />
          </div>
        )
      }}
    </AccountShell>
  )
}
