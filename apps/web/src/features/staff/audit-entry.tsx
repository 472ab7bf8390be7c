import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useLanguage } from '#lib/use-language.ts'
import type { AuditEntry } from './api.ts'
import { useAuditWords } from './audit-words.ts'
import style from './staff.module.css'

const saidOf = (value: unknown): string => {
  if (value === undefined || value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

type Facts = AuditEntry['before']

/** What a fact was and what it is now, side by side. */
const Change = ({ before, after }: { before: Facts; after: Facts }) => {
  const { t } = useTranslation('staff')
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  if (names.length === 0) return null
  return (
    <table className={style.change}>
      <thead>
        <tr>
          <th scope="col">{t('audit.fact')}</th>
          <th scope="col">{t('audit.before')}</th>
          <th scope="col">{t('audit.after')}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{saidOf(before?.[name])}</td>
            <td>{saidOf(after?.[name])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Traces = ({ entry }: { entry: AuditEntry }) => {
  const { t } = useTranslation('staff')
  const traces = [
    [t('audit.operation'), entry.operation],
    [t('audit.request'), entry.request_id],
    [t('audit.ip'), entry.ip],
    [t('audit.seal'), t(entry.sealed ? 'audit.sealed' : 'audit.unsealed')],
  ] as const
  return (
    <dl className={style.traces}>
      {traces.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

export const AuditEntryRow = ({ entry }: { entry: AuditEntry }) => {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const { deedOf } = useAuditWords()
  const at = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' }).format(new Date(entry.at))
  return (
    <li>
      <details>
        <summary data-row>
          <time dateTime={entry.at} className="tabular">
            {at}
          </time>
          <b>
            {deedOf(entry)}
            {entry.object_id !== null && ` № ${entry.object_id}`}
          </b>
          <span>{entry.actor_name || entry.actor}</span>
        </summary>
        <div className={style.detail}>
          <Change before={entry.before} after={entry.after} />
          <Traces entry={entry} />
          <p className={style.links}>
            <Link to="/staff/audit" search={{ actor: entry.actor }}>
              {t('audit.same_actor')}
            </Link>
            {entry.object_id !== null && (
              <Link to="/staff/audit" search={{ kind: entry.object_kind, object: entry.object_id }}>
                {t('audit.same_object')}
              </Link>
            )}
          </p>
        </div>
      </details>
    </li>
  )
}
