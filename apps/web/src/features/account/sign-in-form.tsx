import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { Field } from '#ui/field.tsx'
import style from './forms.module.css'
import { PasswordField } from './password-field.tsx'
import { signIn } from './session.ts'

const wordFor = (error: unknown) => {
  if (!isApiError(error)) return 'in.failed'
  if (error.status === 401 || error.status === 422) return 'in.wrong'
  if (error.status === 403) return 'in.blocked'
  return error.status === 429 ? 'in.too_often' : 'in.failed'
}

/** Password managers and paste work; a mistake keeps what was typed. */
export const SignInForm = ({ email = '', onDone }: { email?: string; onDone: () => void }) => {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const [values, setValues] = useState({ email, password: '' })
  const [wrong, setWrong] = useState<ReturnType<typeof wordFor>>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: { preventDefault: () => void }) => {
    event.preventDefault()
    setBusy(true)
    setWrong(undefined)
    try {
      await signIn(client, values.email.trim(), values.password)
      onDone()
    } catch (error) {
      setWrong(wordFor(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className={style.form} onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label={t('in.email')}
        name="email"
        type="email"
        inputMode="email"
        autoComplete="username"
        autoCapitalize="none"
        required
        value={values.email}
        onChange={({ target }) => setValues({ ...values, email: target.value })}
      />
      <PasswordField
        label={t('in.password')}
        autoComplete="current-password"
        value={values.password}
        error={wrong && t(wrong)}
        onChange={(password) => setValues({ ...values, password })}
      />
      <Button type="submit" size="md" loading={busy}>
        {t('in.submit')}
      </Button>
    </form>
  )
}
