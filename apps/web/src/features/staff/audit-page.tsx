import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { saveFile } from '#features/account/save-file.ts'
import { toast } from '#ui/announce.ts'
import { Empty } from '#ui/empty.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from './access.ts'
import { type AuditSearch, auditQuery, exportAudit } from './api.ts'
import { AuditEntryRow } from './audit-entry.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { ListEnd } from './list-end.tsx'
import { NotYours } from './refusals.tsx'
import style from './staff.module.css'
import { useListKeys } from './use-list-keys.ts'

const WAITING_ROWS = 8

const Export = ({ search }: { search: AuditSearch }) => {
  const { t } = useTranslation('staff')
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      saveFile(await exportAudit(search), `audit_${new Date().toISOString().slice(0, 10)}.csv`)
    } catch {
      toast(t('failed'), 'bad')
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button variant="default" loading={busy} onClick={() => void save()}>
      {t('audit.export')}
    </Button>
  )
}

const Entries = ({ search, onReset }: { search: AuditSearch; onReset: () => void }) => {
  const { t } = useTranslation('staff')
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(auditQuery(search))
  if (error && !data) return <SectionProblem error={error} retry={() => void refetch()} />
  if (!data)
    return (
      <div className={style.waiting} role="status" aria-label={t('waiting')}>
        {Array.from({ length: WAITING_ROWS }, (_, row) => (
          <div key={row} className="skeleton" />
        ))}
      </div>
    )
  const entries = data.pages.flatMap(({ items }) => items)
  if (entries.length === 0)
    return (
      <Empty title={t('audit.none')} hint={t('audit.none_hint')}>
        <Button variant="default" onClick={onReset}>
          {t('users.reset')}
        </Button>
      </Empty>
    )
  return (
    <>
      <ul className={style.entries}>
        {entries.map((entry) => (
          <AuditEntryRow key={entry.id} entry={entry} />
        ))}
      </ul>
      <ListEnd
        shown={entries.length}
        total={data.pages[0]?.total}
        hasMore={hasNextPage}
        busy={isFetchingNextPage}
        more={fetchNextPage}
      />
    </>
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
        <Export search={search} />
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
