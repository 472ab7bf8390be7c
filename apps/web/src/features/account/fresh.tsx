import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { Dialog } from '#ui/dialog.tsx'
import { useUser } from './session.ts'
import style from './settings.module.css'
import { SignInForm } from './sign-in-form.tsx'

/** Runs what needs a recent sign-in; when the server asks for one, it is given in a dialog and the work begins anew. */
export const useFresh = () => {
  const { t } = useTranslation('settings')
  const user = useUser()
  const [waiting, setWaiting] = useState<() => Promise<void>>()
  const run = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      if (!isApiError(error) || error.code !== 'auth.sign_in_again') throw error
      setWaiting(() => work)
    }
  }
  const dialog = (
    <Dialog title={t('fresh.title')} open={waiting !== undefined} onClose={() => setWaiting(undefined)}>
      <div className={style.form}>
        <p className={style.soft}>{t('fresh.text')}</p>
        <SignInForm
          email={user?.email ?? ''}
          onDone={() => {
            const work = waiting
            setWaiting(undefined)
            void work?.().catch(() => undefined)
          }}
        />
      </div>
    </Dialog>
  )
  return { run, dialog }
}
