import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { Form } from '#ui/form.tsx'
import { PasswordField } from './password-field.tsx'
import { passwordWord, wholeWord } from './password-words.ts'
import { changePassword } from './security-api.ts'
import style from './settings.module.css'
import { Trouble } from './trouble.tsx'

const EMPTY = { old_password: '', new_password: '' }

export const PasswordChange = () => {
  const { t } = useTranslation(['account', 'settings'])
  const client = useQueryClient()
  const [values, setValues] = useState(EMPTY)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const said = isApiError(error) ? error : undefined
  const oldWord = said && passwordWord(said, '/old_password')
  const newWord = said && passwordWord(said, '/new_password')
  const submit = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await changePassword(values)
      setValues(EMPTY)
      toast(t('settings:password.changed'), 'good')
      await client.invalidateQueries({ queryKey: ['me', 'sign-ins'] })
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className={style.section} aria-labelledby="password">
      <h2 id="password">{t('settings:password.title')}</h2>
      <p className={style.soft}>{t('settings:password.text')}</p>
      <Form className={style.form} onSubmit={submit}>
        <PasswordField
          label={t('settings:password.old')}
          autoComplete="current-password"
          value={values.old_password}
          error={oldWord && t(`account:${oldWord}`)}
          onChange={(old_password) => setValues((now) => ({ ...now, old_password }))}
        />
        <PasswordField
          label={t('settings:password.new')}
          autoComplete="new-password"
          value={values.new_password}
          hint={t('account:password.hint')}
          error={newWord && t(`account:${newWord}`)}
          onChange={(new_password) => setValues((now) => ({ ...now, new_password }))}
        />
        <Trouble>{error !== undefined && !oldWord && !newWord && t(`account:${wholeWord(error)}`)}</Trouble>
        <Button type="submit" loading={busy} className={style.start ?? ''}>
          {t('settings:password.submit')}
        </Button>
      </Form>
    </section>
  )
}
