import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { Empty } from '#ui/empty.tsx'
import { Field } from '#ui/field.tsx'
import { CinemaFilter } from '../my-cinemas.tsx'
import style from '../staff.module.css'
import { useSettledSearch } from '../use-settled-search.ts'
import type { SalesSearch } from './api.ts'

export type Choices = { name: 'status' | 'method' | 'kind'; label: string; options: [value: string, label: string][] }
type Props = { search: SalesSearch; change: (part: SalesSearch) => void; byReference?: boolean; choices: Choices[] }

const Reference = ({ search, change }: Pick<Props, 'search' | 'change'>) => {
  const { t } = useTranslation('sales')
  const [text, setText] = useSettledSearch(search.reference ?? '', (reference) => change({ reference }))
  return (
    <Field
      label={t('filter.reference')}
      type="search"
      autoComplete="off"
      autoCapitalize="characters"
      value={text}
      onChange={({ target }) => setText(target.value)}
    />
  )
}

/** What is looked for stands in the address: it can be sent to a colleague. */
export const SalesFilters = ({ search, change, byReference = false, choices }: Props) => {
  const { t } = useTranslation(['sales', 'staff'])
  return (
    <search className={style.filters}>
      {byReference && <Reference search={search} change={change} />}
      {choices.map(({ name, label, options }) => (
        <Choice
          key={name}
          label={label}
          value={search[name] ?? ''}
          options={[['', t('staff:filters.all')], ...options]}
          onChange={(value) => change({ [name]: value })}
        />
      ))}
      <CinemaFilter value={search.cinema} onChange={(cinema) => change({ cinema })} />
      <Field
        label={t('staff:audit.from')}
        type="date"
        value={search.from ?? ''}
        onChange={({ target }) => change({ from: target.value })}
      />
      <Field
        label={t('staff:audit.to')}
        type="date"
        value={search.to ?? ''}
        onChange={({ target }) => change({ to: target.value })}
      />
    </search>
  )
}

/** Nothing by these filters, or nothing at all yet. */
export const NothingFound = ({ search, onReset }: { search: SalesSearch; onReset: () => void }) => {
  const { t } = useTranslation(['sales', 'staff'])
  if (Object.values(search).every((value) => value === undefined || value === ''))
    return <Empty title={t('sales:nothing')} hint={t('sales:nothing_hint')} />
  return (
    <Empty title={t('sales:none')} hint={t('sales:none_hint')}>
      <Button variant="default" onClick={onReset}>
        {t('staff:users.reset')}
      </Button>
    </Empty>
  )
}
