import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { Dialog } from '#ui/dialog.tsx'
import { Providers } from './providers.tsx'
import { useUser } from './session.ts'
import style from './settings.module.css'
import { SignInForm } from './sign-in-form.tsx'

type Waiting = { again: () => void; giveUp: () => void }

/**
 * Runs what needs a recent sign-in. When the server asks for one, it is given in a dialog and the work begins anew; the
 * promise ends with it, and its failure is the caller's to tell. Whoever came from a provider goes there, and begins by hand.
 */
export const useFresh = () => {
  const { t } = useTranslation('settings')
  const user = useUser()
  const [waiting, setWaiting] = useState<Waiting>()
  const run = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      if (!isApiError(error) || error.code !== 'auth.sign_in_again') throw error
      await new Promise<void>((resolve, reject) => {
        setWaiting({ again: () => void work().then(resolve, reject), giveUp: resolve })
      })
    }
  }
  const end = (how: keyof Waiting) => {
    setWaiting(undefined)
    waiting?.[how]()
  }
  const dialog = (
    <Dialog title={t('fresh.title')} open={waiting !== undefined} onClose={() => end('giveUp')}>
      <div className={style.form}>
        <p className={style.soft}>{t('fresh.text')}</p>
        <SignInForm email={user?.email ?? ''} onDone={() => end('again')}>
          <Providers returnTo={location.pathname} />
        </SignInForm>
      </div>
    </Dialog>
  )
  return { run, dialog }
}
