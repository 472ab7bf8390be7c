import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import forms from './forms.module.css'
import { PasswordField } from './password-field.tsx'
import { passwordWord, wholeWord } from './password-words.ts'
import { changeEmail } from './security-api.ts'
import style from './settings.module.css'
import { Trouble } from './trouble.tsx'

type PasswordWord = NonNullable<ReturnType<typeof passwordWord>>
type Words = { email?: 'settings:email.same' | 'account:up.email_wrong'; password?: PasswordWord }

const wordsOf = (error: unknown): Words => {
  if (!isApiError(error)) return {}
  const named = error.errors.find(({ pointer }) => pointer === '/email')
  const password = passwordWord(error, '/password')
  return {
    ...(named && { email: named.code === 'auth.same_email' ? 'settings:email.same' : 'account:up.email_wrong' }),
    ...(password && { password: 'password.wrong' }),
  }
}

/** The address changes only when the link in a mail to the new one was opened; the old one is told. */
export const EmailChange = ({ email }: { email: string }) => {
  const { t } = useTranslation(['account', 'settings'])
  const [values, setValues] = useState({ email: '', password: '' })
  const [sent, setSent] = useState<string>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const words = wordsOf(error)
  const submit = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const wanted = { ...values, email: values.email.trim() }
      await changeEmail(wanted)
      setSent(wanted.email)
      setValues({ email: '', password: '' })
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className={style.section} aria-labelledby="email">
      <h2 id="email">{t('settings:email.title')}</h2>
      <p className={style.soft}>{t('settings:email.text', { email })}</p>
      <p role="status" className={forms.told}>
        {sent !== undefined && t('settings:email.sent', { email: sent })}
      </p>
      <Form className={style.form} onSubmit={submit}>
        <Field
          label={t('settings:email.new')}
          name="email"
          type="email"
          inputMode="email"
          autoComplete="email"
          autoCapitalize="none"
          required
          value={values.email}
          error={words.email && t(words.email)}
          onChange={({ target }) => setValues((now) => ({ ...now, email: target.value }))}
        />
        <PasswordField
          label={t('settings:password.old')}
          autoComplete="current-password"
          value={values.password}
          error={words.password && t(`account:${words.password}`)}
          onChange={(password) => setValues((now) => ({ ...now, password }))}
        />
        <Trouble>{error !== undefined && Object.keys(words).length === 0 && t(`account:${wholeWord(error)}`)}</Trouble>
        <Button type="submit" loading={busy} className={style.start ?? ''}>
          {t('settings:email.submit')}
        </Button>
      </Form>
    </section>
  )
}
