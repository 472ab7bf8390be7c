import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Dialog } from '#ui/dialog.tsx'
import { stateOf } from './account-state.tsx'
import { activateUser, type AdminUser, blockUser, unblockUser } from './api.ts'
import style from './staff.module.css'
import { useChange } from './use-change.ts'

/** Letting somebody in, and keeping somebody out. */
export const StateSection = ({ user }: { user: AdminUser }) => {
  const { t } = useTranslation('staff')
  const { busy, change } = useChange(user)
  const [asking, setAsking] = useState(false)
  const state = stateOf(user)
  const block = async () => {
    await change(() => blockUser(user.id), t('user.blocked'))
    setAsking(false)
  }
  return (
    <section className={style.section} aria-labelledby="state">
      <h2 id="state">{t('user.state_title')}</h2>
      <p className={style.soft}>{t(`user.state_${state}`)}</p>
      <div className={style.buttons}>
        {(state === 'waiting' || !user.is_verified) && (
          <Button loading={busy} onClick={() => void change(() => activateUser(user.id), t('user.activated'))}>
            {t('user.activate')}
          </Button>
        )}
        {state === 'inactive' && (
          <Button loading={busy} onClick={() => void change(() => unblockUser(user.id), t('user.unblocked'))}>
            {t('user.unblock')}
          </Button>
        )}
        {state === 'active' && (
          <Button variant="outline" color="danger" onClick={() => setAsking(true)}>
            {t('user.block')}
          </Button>
        )}
      </div>
      <Dialog title={t('user.block_sure')} open={asking} onClose={() => setAsking(false)}>
        <div className={style.form}>
          <p>{t('user.block_text', { name: user.full_name || user.email })}</p>
          <Button color="danger" loading={busy} onClick={() => void block()}>
            {t('user.block')}
          </Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('cancel')}
          </Button>
        </div>
      </Dialog>
    </section>
  )
}
