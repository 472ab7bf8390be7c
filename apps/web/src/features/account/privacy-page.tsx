import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Shape } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { Dialog } from '#ui/dialog.tsx'
import { AccountShell } from './account-shell.tsx'
import { CloseForm } from './close-form.tsx'
import { DeleteForm } from './delete-form.tsx'
import { Switch } from './fields.tsx'
import { exportMyData, saveConsent } from './privacy-api.ts'
import { saveFile } from './save-file.ts'
import style from './settings.module.css'

const Consent = ({ user }: { user: Shape<'UserResponse'> }) => {
  const { t } = useTranslation('settings')
  const [wanted, setWanted] = useState<boolean>()
  const choose = async (checked: boolean) => {
    setWanted(checked)
    try {
      await saveConsent(checked)
      toast(t(checked ? 'consent.yes' : 'consent.no'), 'good')
    } catch {
      toast(t('failed'), 'bad')
    } finally {
      setWanted(undefined)
    }
  }
  return (
    <section className={style.section} aria-labelledby="consent">
      <h2 id="consent">{t('consent.title')}</h2>
      <Switch
        label={t('consent.label')}
        hint={t('consent.hint')}
        checked={wanted ?? user.marketing_consent}
        onChange={(checked) => void choose(checked)}
      />
    </section>
  )
}

const Export = () => {
  const { t } = useTranslation('settings')
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      const file = await exportMyData()
      const day = new Date().toISOString().slice(0, 10)
      saveFile(file, `marquee-my-data-${day}.${file.type.includes('zip') ? 'zip' : 'json'}`)
      toast(t('export.done'), 'good')
    } catch {
      toast(t('failed'), 'bad')
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className={style.section} aria-labelledby="export">
      <h2 id="export">{t('export.title')}</h2>
      <p className={style.soft}>{t('export.text')}</p>
      <Button variant="default" loading={busy} className={style.start ?? ''} onClick={() => void save()}>
        {t('export.submit')}
      </Button>
    </section>
  )
}

const Close = () => {
  const { t } = useTranslation('settings')
  const [open, setOpen] = useState(false)
  return (
    <section className={style.section} aria-labelledby="close">
      <h2 id="close">{t('close.title')}</h2>
      <p className={style.soft}>{t('close.text')}</p>
      <Button variant="default" className={style.start ?? ''} onClick={() => setOpen(true)}>
        {t('close.open')}
      </Button>
      <Dialog title={t('close.sure')} open={open} onClose={() => setOpen(false)}>
        <CloseForm onCancel={() => setOpen(false)} />
      </Dialog>
    </section>
  )
}

const Delete = () => {
  const { t } = useTranslation('settings')
  const [open, setOpen] = useState(false)
  return (
    <section className={`${style.section} ${style.final}`} aria-labelledby="delete">
      <h2 id="delete">{t('delete.title')}</h2>
      <p className={style.soft}>{t('delete.text')}</p>
      <Button variant="outline" color="danger" className={style.start ?? ''} onClick={() => setOpen(true)}>
        {t('delete.open')}
      </Button>
      <Dialog title={t('delete.sure')} open={open} onClose={() => setOpen(false)}>
        <DeleteForm onCancel={() => setOpen(false)} />
      </Dialog>
    </section>
  )
}

export const PrivacyPage = () => {
  const { t } = useTranslation('account')
  return (
    <AccountShell title={t('nav.privacy')}>
      {(user) =>
        user && (
          <div className={style.sections}>
            <Consent user={user} />
            <Export />
            <Close />
            <Delete />
          </div>
        )
      }
    </AccountShell>
  )
}
