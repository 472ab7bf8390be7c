import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '#ui/empty.tsx'
import { useMay } from './access.ts'
import { SHORTEST_SEARCH, type UserSearch, usersQuery } from './api.ts'
import { CreateUser } from './create-user.tsx'
import { LoadedList } from './loaded-list.tsx'
import { NotYours } from './refusals.tsx'
import style from './staff.module.css'
import { useListKeys } from './use-list-keys.ts'
import { UserFilters } from './user-filters.tsx'
import { UserTable } from './user-table.tsx'

const Found = ({ search, onReset }: { search: UserSearch; onReset: () => void }) => {
  const { t } = useTranslation('staff')
  return (
    <LoadedList
      query={useInfiniteQuery(usersQuery(search))}
      empty={
        <Empty title={t('users.none')} hint={t('users.none_hint')}>
          <Button variant="default" onClick={onReset}>
            {t('users.reset')}
          </Button>
        </Empty>
      }
    >
      {(users) => <UserTable users={users} />}
    </LoadedList>
  )
}

const Users = () => {
  const { t } = useTranslation('staff')
  const page = useRef<HTMLDivElement>(null)
  const search = useSearch({ from: '/staff/users' })
  const navigate = useNavigate({ from: '/staff/users' })
  const mayManage = useMay('users.manage')
  const [creating, setCreating] = useState(false)
  useListKeys(page)
  const change = (part: { [name in keyof UserSearch]?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })
  const short = search.q !== undefined && search.q.trim().length < SHORTEST_SEARCH
  return (
    <div className={style.page} ref={page}>
      <title>{`${t('nav.users')} · Marquee`}</title>
      <header className={style.head}>
        <h1>{t('nav.users')}</h1>
        {mayManage && <Button onClick={() => setCreating(true)}>{t('create.open')}</Button>}
      </header>
      <UserFilters search={search} change={change} short={short} />
      <Found search={search} onReset={() => void navigate({ search: {}, replace: true })} />
      <p className={style.keys}>{t('users.keys')}</p>
      <CreateUser open={creating} onClose={() => setCreating(false)} />
    </div>
  )
}

export const UsersPage = () => (useMay('users.read') ? <Users /> : <NotYours />)
