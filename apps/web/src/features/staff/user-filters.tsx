import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { cinemasQuery } from '#features/cinemas/api.ts'
import { Field } from '#ui/field.tsx'
import type { UserSearch } from './api.ts'
import { ROLES } from './roles.ts'
import style from './staff.module.css'
import { useSettledSearch } from './use-settled-search.ts'

type Props = { search: UserSearch; change: (part: UserSearch) => void; short: boolean }

const STATES = ['active', 'inactive', 'unverified'] as const

/** What is looked for stands in the address: it can be sent to a colleague, and the way back leads here. */
export const UserFilters = ({ search, change, short }: Props) => {
  const { t } = useTranslation('staff')
  const { data: cinemas = [] } = useQuery(cinemasQuery)
  const [text, setText] = useSettledSearch(search.q ?? '', (q) => change({ q }))
  const all: [string, string] = ['', t('filters.all')]
  return (
    <search className={style.filters}>
      <div className={style.wide}>
        <Field
          label={t('filters.search')}
          type="search"
          placeholder={t('filters.search_hint')}
          autoComplete="off"
          error={short ? t('filters.short') : undefined}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </div>
      <Choice
        label={t('filters.role')}
        value={search.role ?? ''}
        options={[all, ...ROLES.map((role): [string, string] => [role, t(`roles.${role}`)])]}
        onChange={(role) => change({ role })}
      />
      <Choice
        label={t('filters.state')}
        value={search.state ?? ''}
        options={[all, ...STATES.map((state): [string, string] => [state, t(`filters.states.${state}`)])]}
        onChange={(state) => change({ state })}
      />
      <Choice
        label={t('filters.cinema')}
        value={search.cinema ?? ''}
        options={[all, ...cinemas.map(({ id, name }): [string, string] => [String(id), name])]}
        onChange={(cinema) => change({ cinema })}
      />
    </search>
  )
}
