import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import style from './forms.module.css'
import { activateAccount, askForReset, resendActivation } from './links-api.ts'
import { confirmEmail } from './security-api.ts'
import { Trouble } from './trouble.tsx'

type PageProps = { title: string; children: ReactNode }

export const NarrowPage = ({ title, children }: PageProps) => (
  <section className={`page ${style.narrow}`}>
    <title>{`${title} · Marquee`}</title>
    <h1>{title}</h1>
    {children}
  </section>
)

type AskProps = { email?: string | undefined; label: string; sent: string; ask: (email: string) => Promise<unknown> }

/** Asks for a mail. The answer is the same whether or not there is such an account, so the words are as well. */
const AskForMail = ({ email = '', label, sent, ask }: AskProps) => {
  const { t } = useTranslation('account')
  const [value, setValue] = useState(email)
  const [state, setState] = useState<'asking' | 'busy' | 'sent' | 'wrong' | 'failed'>('asking')
  const submit = async () => {
    setState('busy')
    try {
      await ask(value.trim())
      setState('sent')
    } catch (error) {
      setState(isApiError(error) && error.status === 422 ? 'wrong' : 'failed')
    }
  }
  return (
    <Form className={style.form} onSubmit={submit}>
      <Field
        label={t('in.email')}
        name="email"
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        required
        value={value}
        error={state === 'wrong' ? t('up.email_wrong') : undefined}
        onChange={({ target }) => setValue(target.value)}
      />
      <Trouble>{state === 'failed' && t('links.failed')}</Trouble>
      <p role="status" className={style.told}>
        {state === 'sent' && sent}
      </p>
      <Button type="submit" size="md" variant={state === 'sent' ? 'default' : 'filled'} loading={state === 'busy'}>
        {label}
      </Button>
    </Form>
  )
}

export const ForgotPage = () => {
  const { t } = useTranslation('account')
  const { email } = useSearch({ from: '/account/forgot' })
  return (
    <NarrowPage title={t('forgot.title')}>
      <p>{t('forgot.text')}</p>
      <AskForMail email={email} label={t('forgot.submit')} sent={t('forgot.sent')} ask={askForReset} />
      <Link to="/account/sign-in">{t('links.back')}</Link>
    </NarrowPage>
  )
}

const useLink = (name: string, token: string, open: (token: string) => Promise<unknown>) =>
  useQuery({
    queryKey: ['link', name, token],
    // Each link is good once: it is followed once.
    queryFn: async () => {
      await open(token)
      return true
    },
    staleTime: 'static',
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    enabled: token !== '',
  })

const isAway = (error: unknown) => !isApiError(error) || error.status === 0 || error.status >= 500

const Away = ({ retry }: { retry: () => unknown }) => {
  const { t } = useTranslation()
  return (
    <>
      <p role="alert">{t('problem.away')}</p>
      <Button size="md" onClick={() => void retry()}>
        {t('retry')}
      </Button>
    </>
  )
}

export const ActivatePage = () => {
  const { t } = useTranslation('account')
  const { token = '' } = useSearch({ from: '/account/activate' })
  const { isSuccess, isFetching, error, refetch } = useLink('activate', token, activateAccount)
  if (isFetching)
    return (
      <NarrowPage title={t('activate.title')}>
        <p role="status">{t('activate.busy')}</p>
      </NarrowPage>
    )
  if (isSuccess)
    return (
      <NarrowPage title={t('activate.done')}>
        <p role="status">{t('activate.done_text')}</p>
        <ButtonLink to="/account/sign-in" size="md">
          {t('in.submit')}
        </ButtonLink>
      </NarrowPage>
    )
  return (
    <NarrowPage title={t('activate.title')}>
      {error !== null && isAway(error) ? (
        <Away retry={refetch} />
      ) : (
        <>
          {token === '' ? <p>{t('activate.ask')}</p> : <p role="alert">{t('activate.invalid')}</p>}
          <AskForMail label={t(token === '' ? 'sent.send' : 'sent.again')} sent={t('activate.sent')} ask={resendActivation} />
          <Link to="/account/sign-in">{t('links.back')}</Link>
        </>
      )}
    </NarrowPage>
  )
}

export const EmailPage = () => {
  const { t } = useTranslation('account')
  const { token = '' } = useSearch({ from: '/account/email' })
  const { isSuccess, isFetching, error, refetch } = useLink('email', token, confirmEmail)
  const broken = error !== null && isAway(error)
  return (
    <NarrowPage title={t(isSuccess ? 'email.done' : 'email.title')}>
      {isFetching && <p role="status">{t('activate.busy')}</p>}
      {isSuccess && <p role="status">{t('email.done_text')}</p>}
      {!isFetching && broken && <Away retry={refetch} />}
      {!isFetching && !isSuccess && !broken && <p role="alert">{t('email.invalid')}</p>}
      {!isFetching && (
        <ButtonLink to="/account/security" size="md" variant={isSuccess ? 'filled' : 'default'}>
          {t('email.go')}
        </ButtonLink>
      )}
    </NarrowPage>
  )
}
