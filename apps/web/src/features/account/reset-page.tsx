import { Button } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import style from './forms.module.css'
import { NarrowPage } from './link-pages.tsx'
import { resetPassword } from './links-api.ts'
import { PasswordField } from './password-field.tsx'
import { passwordWord, wholeWord } from './password-words.ts'
import { Trouble } from './trouble.tsx'

type Outcome = { state: 'asking' | 'busy' | 'done' | 'invalid' } | { state: 'refused'; error: unknown }

const ResetForm = ({ outcome, submit }: { outcome: Outcome; submit: (password: string) => void }) => {
  const { t } = useTranslation('account')
  const [password, setPassword] = useState('')
  const error = outcome.state === 'refused' ? outcome.error : undefined
  const word = isApiError(error) ? passwordWord(error, '/password') : undefined
  return (
    <form
      className={style.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit(password)
      }}
    >
      <PasswordField
        label={t('reset.password')}
        autoComplete="new-password"
        value={password}
        hint={t('password.hint')}
        error={word && t(word)}
        onChange={setPassword}
      />
      <Trouble>{error !== undefined && !word && t(wholeWord(error))}</Trouble>
      <Button type="submit" size="md" loading={outcome.state === 'busy'}>
        {t('reset.submit')}
      </Button>
    </form>
  )
}

/** The link in the mail proves who sets the new password; it is used up only by a password that is taken. */
export const ResetPage = () => {
  const { t } = useTranslation('account')
  const { token = '' } = useSearch({ from: '/account/reset' })
  const [outcome, setOutcome] = useState<Outcome>({ state: token === '' ? 'invalid' : 'asking' })
  const submit = async (password: string) => {
    setOutcome({ state: 'busy' })
    try {
      await resetPassword(token, password)
      setOutcome({ state: 'done' })
    } catch (error) {
      const used = isApiError(error) && error.code === 'auth.invalid_link'
      setOutcome(used ? { state: 'invalid' } : { state: 'refused', error })
    }
  }
  if (outcome.state === 'done')
    return (
      <NarrowPage title={t('reset.done')}>
        <p role="status">{t('reset.done_text')}</p>
        <ButtonLink to="/account/sign-in" size="md">
          {t('in.submit')}
        </ButtonLink>
      </NarrowPage>
    )
  return (
    <NarrowPage title={t('reset.title')}>
      {outcome.state === 'invalid' ? (
        <>
          <p role="alert">{t('reset.invalid')}</p>
          <ButtonLink to="/account/forgot" size="md">
            {t('forgot.submit')}
          </ButtonLink>
        </>
      ) : (
        <ResetForm outcome={outcome} submit={(password) => void submit(password)} />
      )}
      <Link to="/account/sign-in">{t('links.back')}</Link>
    </NarrowPage>
  )
}
