import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { currentLanguage } from '#lib/i18n.ts'
import { toast } from '#ui/announce.ts'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import style from './forms.module.css'
import { LinkSent } from './link-sent.tsx'
import { PasswordField } from './password-field.tsx'
import { passwordWord } from './password-words.ts'
import { signUp } from './sign-in.ts'

type Word = 'up.email_taken' | 'up.email_wrong' | 'up.field_wrong' | NonNullable<ReturnType<typeof passwordWord>>
type Wrong = { full_name?: Word; email?: Word; password?: Word }

/** The server is the one validator; what it says stands beside the field that it says it of. */
const wrongOf = (error: unknown): Wrong | undefined => {
  if (!isApiError(error)) return undefined
  if (error.code === 'auth.email_taken') return { email: 'up.email_taken' }
  const password = passwordWord(error, '/password')
  const named = (name: string) => error.errors.some(({ pointer }) => pointer === `/${name}`)
  const wrong: Wrong = {
    ...(named('full_name') && { full_name: 'up.field_wrong' }),
    ...(named('email') && { email: 'up.email_wrong' }),
    ...(password && { password }),
  }
  return Object.keys(wrong).length > 0 ? wrong : undefined
}

type Values = { full_name: string; email: string; password: string }

const useSignUp = (values: Values, onDone: () => void) => {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const [wrong, setWrong] = useState<Wrong>({})
  const [busy, setBusy] = useState(false)
  const [waiting, setWaiting] = useState(false)
  const submit = async () => {
    setBusy(true)
    try {
      if (await signUp(client, { ...values, email: values.email.trim(), locale: currentLanguage() })) onDone()
      else setWaiting(true)
    } catch (error) {
      const named = wrongOf(error)
      setWrong(named ?? {})
      if (!named) toast(t(isApiError(error) && error.status === 429 ? 'in.throttled' : 'in.failed'), 'bad')
    } finally {
      setBusy(false)
    }
  }
  return { wrong, busy, waiting, setWaiting, submit }
}

/** Where accounts wait for their activation, the form says so in place, and `onDone` is not called. */
export const SignUpForm = ({ email = '', onDone }: { email?: string; onDone: () => void }) => {
  const { t } = useTranslation('account')
  const [values, setValues] = useState<Values>({ full_name: '', email, password: '' })
  const { wrong, busy, waiting, setWaiting, submit } = useSignUp(values, onDone)
  const put = (name: keyof Values) => (value: string) => setValues((now) => ({ ...now, [name]: value }))
  if (waiting) return <LinkSent email={values.email.trim()} why="new" onBack={() => setWaiting(false)} />
  return (
    <Form className={style.form} onSubmit={submit}>
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
        hint={t('password.hint')}
        error={wrong.password && t(wrong.password)}
        onChange={put('password')}
      />
      <Button type="submit" size="md" loading={busy}>
        {t('up.submit')}
      </Button>
    </Form>
  )
}
