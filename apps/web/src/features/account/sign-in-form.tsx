import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { asClock } from '#features/orders/countdown.ts'
import { isApiError } from '#lib/api.ts'
import { Field } from '#ui/field.tsx'
import { CodeField } from './code-field.tsx'
import style from './forms.module.css'
import { isChangeOfMind } from './has-passkeys.ts'
import { AskForLink, LinkSent } from './link-sent.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { PasswordField } from './password-field.tsx'
import { proofOf, type Refusal, refusalOf, signIn } from './sign-in.ts'
import { Trouble } from './trouble.tsx'
import { useWait } from './use-wait.ts'

type Values = { email: string; password: string; code: string }

const useSignIn = (values: Values, onDone: () => void) => {
  const client = useQueryClient()
  const [refusal, setRefusal] = useState<Refusal>()
  const [busy, setBusy] = useState(false)
  const { left, wait } = useWait()
  const attempt = async (enterBy: () => Promise<void>, withCode = false) => {
    setBusy(true)
    try {
      await enterBy()
      onDone()
    } catch (error) {
      if (isChangeOfMind(error)) return
      const { refusal: said, seconds } = refusalOf(error)
      // A code that is not even shaped like one is a wrong code.
      setRefusal(withCode && isApiError(error) && error.status === 422 ? 'wrong_code' : said)
      wait(seconds)
    } finally {
      setBusy(false)
    }
  }
  const submit = (withCode: boolean) =>
    attempt(() => signIn(client, values.email.trim(), values.password, withCode ? proofOf(values.code) : {}), withCode)
  return { refusal, setRefusal, busy, left, attempt, submit }
}

const BESIDE = new Set<Refusal>(['wrong', 'code', 'wrong_code', 'activate', 'closed'])

const Refused = ({ refusal }: { refusal: Refusal | undefined }) => {
  const { t } = useTranslation('account')
  return (
    <Trouble>
      {refusal !== undefined &&
        !BESIDE.has(refusal) &&
        t(`in.${refusal as 'blocked' | 'passkey_refused' | 'throttled' | 'busy' | 'offline' | 'failed'}`)}
    </Trouble>
  )
}

type StepProps = { values: Values; put: (part: Partial<Values>) => void; refusal: Refusal | undefined }

const PasswordStep = ({ values, put, refusal }: StepProps) => {
  const { t } = useTranslation('account')
  return (
    <>
      <Field
        label={t('in.email')}
        name="email"
        type="email"
        inputMode="email"
        autoComplete="username webauthn"
        autoCapitalize="none"
        required
        value={values.email}
        onChange={({ target }) => put({ email: target.value })}
      />
      <PasswordField
        label={t('in.password')}
        autoComplete="current-password"
        value={values.password}
        error={refusal === 'wrong' ? t('in.wrong') : undefined}
        onChange={(password) => put({ password })}
      />
      <Link to="/account/forgot" search={values.email === '' ? {} : { email: values.email.trim() }} className={style.aside}>
        {t('in.forgot')}
      </Link>
    </>
  )
}

type Props = { email?: string; onDone: () => void; children?: ReactNode }

/** Password managers, paste and passkeys work; a mistake or a question for the second factor keeps what was typed. */
export const SignInForm = ({ email = '', onDone, children }: Props) => {
  const { t } = useTranslation('account')
  const [values, setValues] = useState({ email, password: '', code: '' })
  const put = (part: Partial<Values>) => setValues((now) => ({ ...now, ...part }))
  const [asksCode, setAsksCode] = useState(false)
  const { refusal, setRefusal, busy, left, attempt, submit } = useSignIn(values, onDone)
  const withCode = refusal === 'code' || refusal === 'wrong_code' || (asksCode && refusal !== 'wrong')
  if (withCode !== asksCode) setAsksCode(withCode)
  const back = () => {
    setRefusal(undefined)
    setAsksCode(false)
  }
  const isAddressKnown = values.email.trim() !== ''
  if ((refusal === 'activate' || refusal === 'closed') && isAddressKnown)
    return <LinkSent email={values.email.trim()} why={refusal} onBack={back} />
  return (
    <form
      className={style.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit(withCode)
      }}
    >
      {withCode ? (
        <CodeField value={values.code} wrong={refusal === 'wrong_code'} onChange={(code) => put({ code })} />
      ) : (
        <PasswordStep values={values} put={put} refusal={refusal} />
      )}
      {(refusal === 'activate' || refusal === 'closed') && <AskForLink why={refusal} />}
      <Refused refusal={refusal} />
      <Button type="submit" size="md" loading={busy} disabled={left > 0}>
        {t('in.submit')}
        {left > 0 && ` · ${asClock(left)}`}
      </Button>
      {withCode ? (
        <Button variant="subtle" onClick={back}>
          {t('in.back')}
        </Button>
      ) : (
        <PasskeyButton attempt={attempt} />
      )}
      {!withCode && children}
    </form>
  )
}
