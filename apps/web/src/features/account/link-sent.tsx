import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { asClock } from '#features/orders/countdown.ts'
import { isApiError } from '#lib/api.ts'
import style from './forms.module.css'
import { resendActivation } from './links-api.ts'
import { Trouble } from './trouble.tsx'
import { useWait } from './use-wait.ts'

const PAUSE_SECONDS = 30

/** Whoever came without typing an address says it on the page that sends the link. */
export const AskForLink = ({ why }: { why: 'activate' | 'closed' }) => {
  const { t } = useTranslation('account')
  return (
    <Trouble>
      <p>{t(`sent.${why}`)}</p>
      <Link to="/account/activate">{t('sent.send')}</Link>
    </Trouble>
  )
}

type Props = { email: string; why: 'new' | 'activate' | 'closed'; onBack: () => void }

/** The account waits for the link in the mail; a new one can be asked for. */
export const LinkSent = ({ email, why, onBack }: Props) => {
  const { t } = useTranslation('account')
  const [sent, setSent] = useState(why === 'new')
  const [failed, setFailed] = useState(false)
  const [busy, setBusy] = useState(false)
  const { left, wait } = useWait()
  const resend = async () => {
    setBusy(true)
    setFailed(false)
    try {
      await resendActivation(email)
      setSent(true)
      wait(PAUSE_SECONDS)
    } catch (error) {
      setFailed(true)
      wait(isApiError(error) ? (error.retry_after ?? 0) : 0)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={style.sent}>
      <div role="status">
        <h2>{t(sent ? 'sent.title' : `sent.${why as 'activate' | 'closed'}`)}</h2>
        <p>{t(sent ? 'sent.text' : `sent.${why as 'activate' | 'closed'}_text`, { email })}</p>
        {sent && <p className={style.soft}>{t('sent.spam')}</p>}
      </div>
      <Trouble>{failed && t('links.failed')}</Trouble>
      <Button size="md" variant={sent ? 'default' : 'filled'} loading={busy} disabled={left > 0} onClick={() => void resend()}>
        {t(sent ? 'sent.again' : 'sent.send')}
        {left > 0 && ` · ${asClock(left)}`}
      </Button>
      <Button variant="subtle" onClick={onBack}>
        {t('sent.back')}
      </Button>
    </div>
  )
}
