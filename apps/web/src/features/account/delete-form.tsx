import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { useLeave } from './leave.ts'
import { PasswordField } from './password-field.tsx'
import { passwordWord, wholeWord } from './password-words.ts'
import { deleteAccount } from './privacy-api.ts'
import style from './settings.module.css'
import { isAboutTickets, TicketsAhead } from './tickets-ahead.tsx'
import { Trouble } from './trouble.tsx'

const REASONS: Record<string, 'delete.paying' | 'last_admin'> = {
  'privacy.payment_running': 'delete.paying',
  'users.last_admin': 'last_admin',
}

/** Tickets to come would still open the door, but nobody could be told of a change: that is said before it is too late. */
const Why = ({ error }: { error: unknown }) => {
  const { t } = useTranslation(['settings', 'account'])
  if (error === undefined) return null
  if (isAboutTickets(error)) return <TicketsAhead error={error} text={t('settings:delete.ahead')} />
  const reason = isApiError(error) ? REASONS[error.code] : undefined
  return <p>{reason ? t(`settings:${reason}`) : t(`account:${wholeWord(error)}`)}</p>
}

/** Says what is lost and what stays, and asks who it is. */
export const DeleteForm = ({ onCancel }: { onCancel: () => void }) => {
  const { t } = useTranslation(['settings', 'account'])
  const [password, setPassword] = useState('')
  const { error, busy, leave, dialog } = useLeave(t('settings:delete.done'))
  const isAhead = isAboutTickets(error)
  const isWrong = isApiError(error) && passwordWord(error, '/password') !== undefined
  return (
    <>
      <form
        className={style.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void leave(() => deleteAccount({ ...(password !== '' && { password }), ...(isAhead && { confirm: true }) }))
        }}
      >
        <p>
          <b>{t('settings:delete.consequence')}</b>
        </p>
        <p className={style.soft}>{t('settings:delete.kept')}</p>
        <PasswordField
          label={t('account:in.password')}
          autoComplete="current-password"
          value={password}
          hint={t('settings:delete.password_hint')}
          error={isWrong ? t('account:password.wrong') : undefined}
          onChange={setPassword}
        />
        <Trouble>{!isWrong && <Why error={error} />}</Trouble>
        <Button type="submit" color="danger" loading={busy}>
          {t(isAhead ? 'settings:delete.anyway' : 'settings:delete.submit')}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('settings:delete.keep')}
        </Button>
      </form>
      {dialog}
    </>
  )
}
