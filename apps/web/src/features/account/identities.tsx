import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { Dialog } from '#ui/dialog.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useAgo } from './ago.ts'
import { useFresh } from './fresh.tsx'
import { identitiesQuery, type Identity, removeIdentity } from './security-api.ts'
import style from './settings.module.css'

const One = ({ one, onRemove }: { one: Identity; onRemove: () => void }) => {
  const { t } = useTranslation('settings')
  const ago = useAgo()
  return (
    <li>
      <div>
        <b>{one.label}</b>
        <small>
          {one.email} · {t('identities.used', { when: ago(one.last_used_at) })}
        </small>
      </div>
      <Button variant="default" size="sm" aria-label={t('identities.remove_named', { name: one.label })} onClick={onRemove}>
        {t('identities.remove')}
      </Button>
    </li>
  )
}

const useRemove = () => {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const { run, dialog } = useFresh()
  const [leaving, setLeaving] = useState<Identity>()
  const [busy, setBusy] = useState(false)
  const remove = async ({ id }: Identity) => {
    setBusy(true)
    try {
      await run(async () => {
        await removeIdentity(id)
        toast(t('identities.removed'), 'good')
        await client.invalidateQueries({ queryKey: identitiesQuery.queryKey })
      })
    } catch (error) {
      toast(t(isApiError(error) && error.code === 'auth.last_way_in' ? 'last_way' : 'failed'), 'bad')
    } finally {
      setLeaving(undefined)
      setBusy(false)
    }
  }
  return { leaving, setLeaving, busy, remove, dialog }
}

/** Accounts elsewhere that open this one; nothing for whoever has none. */
export const Identities = () => {
  const { t } = useTranslation('settings')
  const { data: identities = [], error, refetch } = useQuery(identitiesQuery)
  const { leaving, setLeaving, busy, remove, dialog } = useRemove()
  if (error) return <SectionProblem error={error} retry={() => void refetch()} />
  if (identities.length === 0) return null
  return (
    <section className={style.section} aria-labelledby="identities">
      <h2 id="identities">{t('identities.title')}</h2>
      <p className={style.soft}>{t('identities.text')}</p>
      <ul className={style.list}>
        {identities.map((one) => (
          <One key={one.id} one={one} onRemove={() => setLeaving(one)} />
        ))}
      </ul>
      <Dialog title={t('identities.remove_title')} open={leaving !== undefined} onClose={() => setLeaving(undefined)}>
        <div className={style.form}>
          <p>{t('identities.remove_text', { name: leaving?.label, email: leaving?.email })}</p>
          <Button color="danger" loading={busy} onClick={() => leaving && void remove(leaving)}>
            {t('identities.remove')}
          </Button>
          <Button variant="default" onClick={() => setLeaving(undefined)}>
            {t('cancel')}
          </Button>
        </div>
      </Dialog>
      {dialog}
    </section>
  )
}
