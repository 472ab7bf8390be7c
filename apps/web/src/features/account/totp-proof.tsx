import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { Form } from '../../ui/form.tsx'
import { CodeField } from './code-field.tsx'
import { wholeWord } from './password-words.ts'
import style from './settings.module.css'
import { type Proof, proofOf } from './sign-in.ts'
import { Trouble } from './trouble.tsx'

type Props = { text: string; submit: string; final?: boolean; send: (proof: Proof) => Promise<void>; onCancel: () => void }

/** Says what follows and asks for a code once more. */
export const TotpProof = ({ text, submit, final = false, send, onCancel }: Props) => {
  const { t } = useTranslation(['account', 'settings'])
  const [code, setCode] = useState('')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const wrong = isApiError(error) && (error.code === 'auth.wrong_code' || error.status === 422)
  const needed = isApiError(error) && error.code === 'auth.factor_needed'
  const prove = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await send(proofOf(code))
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }
  return (
    <Form className={style.form} onSubmit={prove}>
      <p>{text}</p>
      <CodeField value={code} wrong={wrong} onChange={setCode} />
      <Trouble>
        {error !== undefined && !wrong && (needed ? t('settings:totp.needed') : t(`account:${wholeWord(error)}`))}
      </Trouble>
      <div className={style.buttons}>
        <Button type="submit" loading={busy} {...(final && { color: 'danger' })}>
          {submit}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('settings:cancel')}
        </Button>
      </div>
    </Form>
  )
}
