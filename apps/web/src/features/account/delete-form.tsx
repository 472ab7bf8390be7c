import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { forgetTickets } from '#features/orders/kept-tickets.ts'
import { type ApiError, isApiError } from '#lib/api.ts'
import { formatMoment } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { toast } from '#ui/announce.ts'
import forms from './forms.module.css'
import { useFresh } from './fresh.tsx'
import { PasswordField } from './password-field.tsx'
import { passwordWord, wholeWord } from './password-words.ts'
import { deleteAccount } from './privacy-api.ts'
import { forgetSession } from './session.ts'
import style from './settings.module.css'

type TicketAhead = { ticket_id: number; title: string; starts_at: string }

const isAhead = (error: unknown): error is ApiError => isApiError(error) && error.code === 'privacy.tickets_ahead'

/** Tickets to come would still open the door, but nobody could be told of a change: that is said before it is too late. */
const Ahead = ({ tickets }: { tickets: TicketAhead[] }) => {
  const { t } = useTranslation('settings')
  const language = useLanguage()
  return (
    <div>
      <p>{t('delete.ahead')}</p>
      <ul>
        {tickets.map(({ ticket_id, title, starts_at }) => (
          <li key={ticket_id}>
            {title} · {formatMoment(language, starts_at)}
          </li>
        ))}
      </ul>
    </div>
  )
}

const Trouble = ({ error }: { error: unknown }) => {
  const { t } = useTranslation(['settings', 'account'])
  if (error === undefined) return null
  if (isAhead(error)) return <Ahead tickets={(error.data['tickets'] ?? []) as TicketAhead[]} />
  const paying = isApiError(error) && error.code === 'privacy.payment_running'
  return <p>{paying ? t('settings:delete.paying') : t(`account:${wholeWord(error)}`)}</p>
}

const useDelete = () => {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const navigate = useNavigate()
  const { run, dialog } = useFresh()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const remove = async (password: string) => {
    setBusy(true)
    try {
      await run(async () => {
        await deleteAccount({ ...(password !== '' && { password }), ...(isAhead(error) && { confirm: true }) })
        forgetSession(client)
        forgetTickets()
        toast(t('delete.done'), 'good')
        await navigate({ to: '/' })
      })
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return { error, busy, remove, dialog }
}

/** Says what is lost and what stays, and asks who it is. */
export const DeleteForm = ({ onCancel }: { onCancel: () => void }) => {
  const { t } = useTranslation(['settings', 'account'])
  const [password, setPassword] = useState('')
  const { error, busy, remove, dialog } = useDelete()
  const isWrong = isApiError(error) && passwordWord(error, '/password') !== undefined
  return (
    <>
      <form
        className={style.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void remove(password)
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
        <div role="alert" className={forms.trouble}>
          {!isWrong && <Trouble error={error} />}
        </div>
        <Button type="submit" color="danger" loading={busy}>
          {t(isAhead(error) ? 'settings:delete.anyway' : 'settings:delete.submit')}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('settings:delete.keep')}
        </Button>
      </form>
      {dialog}
    </>
  )
}
