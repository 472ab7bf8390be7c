import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useUser } from '#features/account/session.ts'
import { SignInForm } from '#features/account/sign-in-form.tsx'
import { SignUpForm } from '#features/account/sign-up-form.tsx'
import { Field } from '#ui/field.tsx'
import style from './pay.module.css'

type Props = { email: string; error: string | undefined; onEmail: (email: string) => void; signIn: boolean; onSigned: () => void }

/** One field for a guest; an account is a step aside, in place, and takes nothing away. */
export const Contact = ({ email, error, onEmail, signIn, onSigned }: Props) => {
  const { t } = useTranslation('orders')
  const user = useUser()
  const [way, setWay] = useState<'guest' | 'in' | 'up'>(signIn ? 'in' : 'guest')
  const done = () => {
    setWay('guest')
    onSigned()
  }
  if (user) return <p className={style.signed}>{t('pay.signed', { email: user.email })}</p>
  if (way !== 'guest')
    return (
      <div className={style.aside}>
        <h2>{t(way === 'in' ? 'pay.sign_in' : 'pay.sign_up')}</h2>
        {way === 'in' ? <SignInForm email={email} onDone={done} /> : <SignUpForm email={email} onDone={done} />}
        <Button variant="subtle" onClick={() => setWay('guest')}>
          {t('pay.as_guest')}
        </Button>
      </div>
    )
  return (
    <div className={style.contact}>
      <Field
        label={t('pay.email')}
        hint={t('pay.email_hint')}
        error={error}
        name="email"
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        form="pay"
        required
        value={email}
        onChange={({ target }) => onEmail(target.value)}
      />
      <p className="fine">
        {t('pay.have_account')}{' '}
        <button type="button" className={style.link} onClick={() => setWay('in')}>
          {t('pay.sign_in')}
        </button>{' '}
        ·{' '}
        <button type="button" className={style.link} onClick={() => setWay('up')}>
          {t('pay.sign_up')}
        </button>
      </p>
    </div>
  )
}
