import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '#ui/empty.tsx'
import { useMay } from './access.ts'
import { type AuditSearch, auditQuery, exportAudit } from './api.ts'
import { AuditEntryRow } from './audit-entry.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { CsvButton } from './csv-button.tsx'
import { LoadedList } from './loaded-list.tsx'
import { NotYours } from './refusals.tsx'
import style from './staff.module.css'
import { useListKeys } from './use-list-keys.ts'

const Entries = ({ search, onReset }: { search: AuditSearch; onReset: () => void }) => {
  const { t } = useTranslation('staff')
  return (
    <LoadedList
      query={useInfiniteQuery(auditQuery(search))}
      empty={
        <Empty title={t('audit.none')} hint={t('audit.none_hint')}>
          <Button variant="default" onClick={onReset}>
            {t('users.reset')}
          </Button>
        </Empty>
      }
    >
      {(entries) => (
        <ul className={style.entries}>
          {entries.map((entry) => (
            <AuditEntryRow key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
    </LoadedList>
  )
}

const Audit = () => {
  const { t } = useTranslation('staff')
  const page = useRef<HTMLDivElement>(null)
  const search = useSearch({ from: '/staff/audit' })
  const navigate = useNavigate({ from: '/staff/audit' })
  useListKeys(page)
  return (
    <div className={style.page} ref={page}>
      <title>{`${t('nav.audit')} · Marquee`}</title>
      <header className={style.head}>
        <h1>{t('nav.audit')}</h1>
        <CsvButton name="audit" read={() => exportAudit(search)} />
      </header>
      <AuditFilters
        search={search}
        change={(part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })}
      />
      <Entries search={search} onReset={() => void navigate({ search: {}, replace: true })} />
    </div>
  )
}

export const AuditPage = () => (useMay('audit.read') ? <Audit /> : <NotYours />)
