import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { currentLanguage } from '#lib/i18n.ts'
import { toast } from '#ui/announce.ts'
import { Field } from '#ui/field.tsx'
import style from './forms.module.css'
import { PasswordField } from './password-field.tsx'
import { signUp } from './session.ts'

type Word = 'up.email_taken' | 'up.email_wrong' | 'up.password_short' | 'up.field_wrong' | 'up.missing'
type Wrong = { full_name?: Word; email?: Word; password?: Word }

const words: Record<keyof Wrong, Word> = { full_name: 'up.field_wrong', email: 'up.email_wrong', password: 'up.password_short' }

/** The server is the one validator; what it says stands beside the field that it says it of. */
const wrongOf = (error: unknown): Wrong | undefined => {
  if (!isApiError(error)) return undefined
  if (error.code === 'auth.email_taken') return { email: 'up.email_taken' }
  const named = error.errors.flatMap(({ pointer }) => {
    const name = pointer.slice(1)
    return name === 'full_name' || name === 'email' || name === 'password' ? [[name, words[name]] as const] : []
  })
  return named.length > 0 ? Object.fromEntries(named) : undefined
}

export const SignUpForm = ({ email = '', onDone }: { email?: string; onDone: () => void }) => {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const [values, setValues] = useState({ full_name: '', email, password: '' })
  const [wrong, setWrong] = useState<Wrong>({})
  const [busy, setBusy] = useState(false)
  const put = (name: keyof typeof values) => (value: string) => setValues({ ...values, [name]: value })
  const submit = async (event: { preventDefault: () => void }) => {
    event.preventDefault()
    setBusy(true)
    try {
      await signUp(client, { ...values, email: values.email.trim(), locale: currentLanguage() })
      onDone()
    } catch (error) {
      const named = wrongOf(error)
      setWrong(named ?? {})
      if (!named) toast(t(isApiError(error) && error.status === 429 ? 'in.too_often' : 'in.failed'), 'bad')
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className={style.form} onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label={t('up.name')}
        name="name"
        autoComplete="name"
        value={values.full_name}
        error={wrong.full_name && t(wrong.full_name)}
        onChange={({ target }) => put('full_name')(target.value)}
      />
      <Field
        label={t('in.email')}
        name="email"
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        required
        value={values.email}
        error={wrong.email && t(wrong.email)}
        onChange={({ target }) => put('email')(target.value)}
      />
      <PasswordField
        label={t('in.password')}
        autoComplete="new-password"
        value={values.password}
        hint={t('up.password_hint')}
        error={wrong.password && t(wrong.password)}
        onChange={put('password')}
      />
      <Button type="submit" size="md" loading={busy}>
        {t('up.submit')}
      </Button>
    </form>
  )
}
