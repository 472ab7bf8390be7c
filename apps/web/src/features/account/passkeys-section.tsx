import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { Dialog } from '#ui/dialog.tsx'
import { Field } from '#ui/field.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useAgo } from './ago.ts'
import { useFresh } from './fresh.tsx'
import { hasPasskeys, isChangeOfMind } from './has-passkeys.ts'
import { addPasskey, type Passkey, passkeysQuery, removePasskey } from './passkeys.ts'
import style from './settings.module.css'

const LONGEST_NAME = 60
const REFUSALS: Record<string, 'totp.needed' | 'last_way'> = {
  'auth.factor_needed': 'totp.needed',
  'auth.last_way_in': 'last_way',
}

const List = ({ passkeys, onRemove }: { passkeys: Passkey[]; onRemove: (one: Passkey) => void }) => {
  const { t } = useTranslation('settings')
  const ago = useAgo()
  if (passkeys.length === 0) return null
  return (
    <ul className={style.list}>
      {passkeys.map((one) => (
        <li key={one.id}>
          <div>
            <b>{one.name}</b>
            <small>
              {one.last_used_at === null
                ? t('passkeys.added', { when: ago(one.created_at) })
                : t('passkeys.used', { when: ago(one.last_used_at) })}
            </small>
          </div>
          <Button
            variant="default"
            size="sm"
            aria-label={t('passkeys.remove_named', { name: one.name })}
            onClick={() => onRemove(one)}
          >
            {t('passkeys.remove')}
          </Button>
        </li>
      ))}
    </ul>
  )
}

const Add = ({ onAdd, onCancel }: { onAdd: (name: string) => Promise<void>; onCancel: () => void }) => {
  const { t } = useTranslation('settings')
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async () => {
    setBusy(true)
    await onAdd(name.trim() === '' ? t('passkeys.unnamed') : name.trim())
    setBusy(false)
  }
  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field
        label={t('passkeys.name')}
        hint={t('passkeys.name_hint')}
        maxLength={LONGEST_NAME}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <div className={style.buttons}>
        <Button type="submit" loading={busy}>
          {t('passkeys.go')}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}

const usePasskeys = () => {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const { run, dialog } = useFresh()
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Passkey>()
  const change = async (work: () => Promise<unknown>, said: 'passkeys.done' | 'passkeys.removed') => {
    try {
      await run(async () => {
        await work()
        setAdding(false)
        setLeaving(undefined)
        toast(t(said), 'good')
        await client.invalidateQueries({ queryKey: passkeysQuery.queryKey })
      })
    } catch (error) {
      if (isChangeOfMind(error)) return
      toast(t((isApiError(error) && REFUSALS[error.code]) || 'failed'), 'bad')
    }
  }
  return { adding, setAdding, leaving, setLeaving, change, dialog }
}

/** Signing in with a finger or a face: nothing to remember and nothing to steal. */
export const Passkeys = () => {
  const { t } = useTranslation('settings')
  const { data: passkeys, error, refetch } = useQuery(passkeysQuery)
  const { adding, setAdding, leaving, setLeaving, change, dialog } = usePasskeys()
  if (error) return <SectionProblem error={error} retry={() => void refetch()} />
  return (
    <section className={style.section} aria-labelledby="passkeys">
      <h2 id="passkeys">{t('passkeys.title')}</h2>
      <p className={style.soft}>{t(hasPasskeys() ? 'passkeys.text' : 'passkeys.cannot')}</p>
      {passkeys ? <List passkeys={passkeys} onRemove={setLeaving} /> : <div className={`skeleton ${style.row}`} />}
      {adding && <Add onAdd={(name) => change(() => addPasskey(name), 'passkeys.done')} onCancel={() => setAdding(false)} />}
      {!adding && hasPasskeys() && (
        <Button variant="default" className={style.start ?? ''} onClick={() => setAdding(true)}>
          {t('passkeys.add')}
        </Button>
      )}
      <Dialog title={t('passkeys.remove_title')} open={leaving !== undefined} onClose={() => setLeaving(undefined)}>
        <div className={style.form}>
          <p>{t('passkeys.remove_text', { name: leaving?.name })}</p>
          <Button color="danger" onClick={() => leaving && void change(() => removePasskey(leaving.id), 'passkeys.removed')}>
            {t('passkeys.remove')}
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
