import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { Field } from '#ui/field.tsx'
import type { AuditSearch } from './api.ts'
import { KINDS, useAuditWords } from './audit-words.ts'
import style from './staff.module.css'
import { useSettledSearch } from './use-settled-search.ts'

type Props = { search: AuditSearch; change: (part: AuditSearch) => void }

export const AuditFilters = ({ search, change }: Props) => {
  const { t } = useTranslation('staff')
  const { kindOf } = useAuditWords()
  const [actor, setActor] = useSettledSearch(search.actor ?? '', (text) => change({ actor: text.trim() }))
  const [object, setObject] = useSettledSearch(search.object ?? '', (text) => change({ object: text.trim() }))
  return (
    <search className={style.filters}>
      <Field
        label={t('audit.actor')}
        type="search"
        placeholder="u:5"
        autoComplete="off"
        value={actor}
        onChange={({ target }) => setActor(target.value)}
      />
      <Choice
        label={t('audit.kind')}
        value={search.kind ?? ''}
        options={[['', t('filters.all')], ...KINDS.map((kind): [string, string] => [kind, kindOf(kind)])]}
        onChange={(kind) => change({ kind })}
      />
      <Field
        label={t('audit.object')}
        inputMode="numeric"
        autoComplete="off"
        value={object}
        onChange={({ target }) => setObject(target.value)}
      />
      <Field
        label={t('audit.from')}
        type="date"
        value={search.from ?? ''}
        onChange={({ target }) => change({ from: target.value })}
      />
      <Field label={t('audit.to')} type="date" value={search.to ?? ''} onChange={({ target }) => change({ to: target.value })} />
    </search>
  )
}
