import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useAgo } from '#features/account/ago.ts'
import { cinemasQuery } from '#features/cinemas/api.ts'
import { AccountState } from './account-state.tsx'
import type { AdminUser } from './api.ts'
import { worksAtCinemas } from './roles.ts'
import style from './staff.module.css'

const usePlacesOf = () => {
  const { t } = useTranslation('staff')
  const { data: cinemas = [] } = useQuery(cinemasQuery)
  return ({ role, cinema_ids }: AdminUser) => {
    if (role === 'customer') return '–'
    if (!worksAtCinemas(role) || cinema_ids === null) return t('users.everywhere')
    if (cinema_ids.length === 0) return t('users.nowhere')
    return cinema_ids.map((id) => cinemas.find((cinema) => cinema.id === id)?.name ?? `№ ${id}`).join(', ')
  }
}

/** A table where there is room, a card for each person where there is not. */
export const UserTable = ({ users }: { users: AdminUser[] }) => {
  const { t } = useTranslation('staff')
  const ago = useAgo()
  const placesOf = usePlacesOf()
  return (
    <table className={style.table}>
      <thead>
        <tr>
          <th scope="col">{t('users.person')}</th>
          <th scope="col">{t('users.role')}</th>
          <th scope="col">{t('users.places')}</th>
          <th scope="col">{t('users.state')}</th>
          <th scope="col">{t('users.seen')}</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id}>
            <th scope="row">
              <Link to="/staff/users/$user_id" params={{ user_id: String(user.id) }} data-row>
                {user.full_name || user.username}
              </Link>
              <small>{user.email}</small>
            </th>
            <td>{t(`roles.${user.role}`)}</td>
            <td data-none={user.role === 'customer'}>{placesOf(user)}</td>
            <td>
              <AccountState user={user} />
            </td>
            <td>{user.last_login_at === null ? t('users.never') : ago(user.last_login_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
