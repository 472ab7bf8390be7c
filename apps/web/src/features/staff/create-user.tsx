import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { PasswordField } from '#features/account/password-field.tsx'
import { passwordWord } from '#features/account/password-words.ts'
import { Trouble } from '#features/account/trouble.tsx'
import { isApiError } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { Dialog } from '#ui/dialog.tsx'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { createUser } from './api.ts'
import { CinemaChoice } from './cinema-choice.tsx'
import { isRole, type Role, ROLES, worksAtCinemas } from './roles.ts'
import style from './staff.module.css'

type Values = { full_name: string; email: string; password: string; role: Role; cinema_ids: number[] }
const EMPTY: Values = { full_name: '', email: '', password: '', role: 'cashier', cinema_ids: [] }

const useWords = (error: unknown) => {
  const { t } = useTranslation(['staff', 'account'])
  if (error === undefined) return {}
  if (!isApiError(error)) return { whole: t('staff:failed') }
  const password = passwordWord(error, '/password')
  const email = error.errors.some(({ pointer }) => pointer === '/email')
  if (error.code === 'auth.email_taken') return { email: t('staff:create.taken') }
  if (!password && !email) return { whole: t('staff:failed') }
  return { ...(password && { password: t(`account:${password}`) }), ...(email && { email: t('account:up.email_wrong') }) }
}

const NewUserForm = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation(['staff', 'account'])
  const client = useQueryClient()
  const navigate = useNavigate()
  const [values, setValues] = useState(EMPTY)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const words: { email?: string; password?: string; whole?: string } = useWords(error)
  const put = (part: Partial<Values>) => setValues({ ...values, ...part })
  const submit = async () => {
    setBusy(true)
    setError(undefined)
    const { cinema_ids, ...account } = { ...values, email: values.email.trim() }
    try {
      const made = await createUser({ ...account, ...(worksAtCinemas(values.role) && { cinema_ids }) })
      toast(t('staff:create.done'), 'good')
      await client.invalidateQueries({ queryKey: ['staff', 'users'] })
      onClose()
      await navigate({ to: '/staff/users/$user_id', params: { user_id: String(made.id) } })
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form className={style.form} onSubmit={submit}>
      <Field
        label={t('account:up.name')}
        autoComplete="off"
        value={values.full_name}
        onChange={({ target }) => put({ full_name: target.value })}
      />
      <Field
        label={t('account:in.email')}
        type="email"
        inputMode="email"
        autoComplete="off"
        autoCapitalize="none"
        required
        value={values.email}
        error={words.email}
        onChange={({ target }) => put({ email: target.value })}
      />
      <PasswordField
        label={t('staff:create.password')}
        autoComplete="new-password"
        value={values.password}
        hint={t('staff:create.password_hint')}
        error={words.password}
        onChange={(password) => put({ password })}
      />
      <Choice
        label={t('staff:user.role')}
        value={values.role}
        options={ROLES.map((role) => [role, t(`staff:roles.${role}`)])}
        onChange={(role) => isRole(role) && put({ role })}
      />
      {worksAtCinemas(values.role) && <CinemaChoice chosen={values.cinema_ids} onChange={(cinema_ids) => put({ cinema_ids })} />}
      <Trouble>{words.whole}</Trouble>
      <Button type="submit" loading={busy}>
        {t('staff:create.submit')}
      </Button>
    </Form>
  )
}

export const CreateUser = ({ open, onClose }: { open: boolean; onClose: () => void }) => {
  const { t } = useTranslation('staff')
  return (
    <Dialog title={t('create.title')} open={open} onClose={onClose}>
      <NewUserForm onClose={onClose} />
    </Dialog>
  )
}
