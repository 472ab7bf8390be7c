import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isAboutTickets, TicketsAhead } from '#features/account/tickets-ahead.tsx'
import { isApiError } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { Dialog } from '#ui/dialog.tsx'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { type AdminUser, deleteUser, userQuery } from './api.ts'
import style from './staff.module.css'

const REASONS: Record<string, 'remove.paying' | 'remove.last_admin' | 'refusals.forbidden'> = {
  'privacy.payment_running': 'remove.paying',
  'users.last_admin': 'remove.last_admin',
  'auth.forbidden': 'refusals.forbidden',
}

const useDelete = ({ id }: AdminUser) => {
  const { t } = useTranslation('staff')
  const client = useQueryClient()
  const navigate = useNavigate()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const remove = async () => {
    setBusy(true)
    try {
      await deleteUser(id, isAboutTickets(error))
      toast(t('remove.done'), 'good')
      await navigate({ to: '/staff/users' })
      client.removeQueries({ queryKey: userQuery(id).queryKey })
      await client.invalidateQueries({ queryKey: ['staff', 'users'] })
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return { error, setError, busy, remove }
}

const Trouble = ({ error }: { error: unknown }) => {
  const { t } = useTranslation('staff')
  if (error === undefined) return null
  if (isAboutTickets(error)) return <TicketsAhead error={error} text={t('remove.ahead')} />
  return <p>{t((isApiError(error) && REASONS[error.code]) || 'failed')}</p>
}

/** The end of an account. The address is typed, so that nobody deletes the next one in the list. */
export const DeleteSection = ({ user }: { user: AdminUser }) => {
  const { t } = useTranslation('staff')
  const [asking, setAsking] = useState(false)
  const [typed, setTyped] = useState('')
  const { error, setError, busy, remove } = useDelete(user)
  const isRight = typed.trim().toLowerCase() === user.email
  const close = () => {
    setAsking(false)
    setTyped('')
    setError(undefined)
  }
  return (
    <section className={style.section} aria-labelledby="remove">
      <h2 id="remove">{t('remove.title')}</h2>
      <p className={style.soft}>{t('remove.text')}</p>
      <Button variant="outline" color="danger" onClick={() => setAsking(true)}>
        {t('remove.open')}
      </Button>
      <Dialog title={t('remove.sure')} open={asking} onClose={close}>
        <Form className={style.form} onSubmit={() => isRight && remove()}>
          <p>{t('remove.consequence', { name: user.full_name || user.email })}</p>
          <Field
            label={t('remove.type')}
            hint={user.email}
            inputMode="email"
            autoComplete="off"
            autoCapitalize="none"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
          <div role="alert">
            <Trouble error={error} />
          </div>
          <Button type="submit" color="danger" loading={busy} disabled={!isRight}>
            {t(isAboutTickets(error) ? 'remove.anyway' : 'remove.submit')}
          </Button>
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
        </Form>
      </Dialog>
    </section>
  )
}
