import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Qr } from '#features/orders/qr.tsx'
import { isApiError } from '#lib/api.ts'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { focusOnArrival } from './focus-on-arrival.ts'
import { wholeWord } from './password-words.ts'
import { confirmTotp, type TotpStart } from './security-api.ts'
import style from './settings.module.css'

type Props = { start: TotpStart; onDone: (codes: string[]) => void; onCancel: () => void }

const inFours = (secret: string) => secret.replaceAll(/(.{4})(?=.)/g, '$1 ')

/** The secret goes into the app by camera or by hand; nothing counts until a code of the app has come back. */
export const TotpSetup = ({ start, onDone, onCancel }: Props) => {
  const { t } = useTranslation(['settings', 'account'])
  const [code, setCode] = useState('')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const wrong = isApiError(error) && (error.code === 'auth.wrong_code' || error.status === 422)
  const said = wrong ? t('account:in.wrong_code') : t(`account:${wholeWord(error)}`)
  const submit = async () => {
    setBusy(true)
    try {
      onDone(await confirmTotp(code.replaceAll(/\s/g, '')))
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }
  return (
    <div className={style.setup}>
      <Qr code={start.otpauth_url} label={t('settings:totp.qr')} />
      <Form className={style.form} onSubmit={submit}>
        <p tabIndex={-1} ref={focusOnArrival}>
          {t('settings:totp.scan')}
        </p>
        <p className={style.soft}>
          {t('settings:totp.by_hand')} <span className={style.secret}>{inFours(start.secret)}</span>
        </p>
        <Field
          label={t('account:in.code')}
          name="one-time-code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          value={code}
          error={error === undefined ? undefined : said}
          onChange={({ target }) => setCode(target.value)}
        />
        <div className={style.buttons}>
          <Button type="submit" loading={busy}>
            {t('settings:totp.confirm')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('settings:cancel')}
          </Button>
        </div>
      </Form>
    </div>
  )
}
