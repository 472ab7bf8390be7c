import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Dialog } from '#ui/dialog.tsx'
import { type AdminUser, removeFactors } from './api.ts'
import style from './staff.module.css'
import { useChange } from './use-change.ts'

/** Letting in again who has lost the phone and the recovery codes. */
export const FactorsSection = ({ user }: { user: AdminUser }) => {
  const { t } = useTranslation('staff')
  const { busy, change } = useChange(user)
  const [asking, setAsking] = useState(false)
  const reset = async () => {
    await change(() => removeFactors(user.id), t('factors.done'))
    setAsking(false)
  }
  return (
    <section className={style.section} aria-labelledby="factors">
      <h2 id="factors">{t('factors.title')}</h2>
      <p className={style.soft}>{t('factors.text')}</p>
      <Button variant="outline" color="danger" onClick={() => setAsking(true)}>
        {t('factors.reset')}
      </Button>
      <Dialog title={t('factors.sure')} open={asking} onClose={() => setAsking(false)}>
        <div className={style.form}>
          <p>{t('factors.consequence', { name: user.full_name || user.email })}</p>
          <p className={style.soft}>{t('factors.told')}</p>
          <Button color="danger" loading={busy} onClick={() => void reset()}>
            {t('factors.reset')}
          </Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('cancel')}
          </Button>
        </div>
      </Dialog>
    </section>
  )
}
