import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { Form } from '#ui/form.tsx'
import { useLeave } from './leave.ts'
import { PasswordField } from './password-field.tsx'
import { passwordWord, wholeWord } from './password-words.ts'
import { closeAccount } from './privacy-api.ts'
import style from './settings.module.css'
import { Trouble } from './trouble.tsx'

/** Says how to come back, and asks who it is. */
export const CloseForm = ({ onCancel }: { onCancel: () => void }) => {
  const { t } = useTranslation(['settings', 'account'])
  const [password, setPassword] = useState('')
  const { error, busy, leave, dialog } = useLeave(t('settings:close.done'))
  const isWrong = isApiError(error) && passwordWord(error, '/password') !== undefined
  const isLastAdmin = isApiError(error) && error.code === 'users.last_admin'
  return (
    <>
      <Form className={style.form} onSubmit={() => leave(() => closeAccount(password))}>
        <p>{t('settings:close.consequence')}</p>
        <p className={style.soft}>{t('settings:close.back')}</p>
        <PasswordField
          label={t('account:in.password')}
          autoComplete="current-password"
          value={password}
          hint={t('settings:delete.password_hint')}
          error={isWrong ? t('account:password.wrong') : undefined}
          onChange={setPassword}
        />
        <Trouble>
          {error !== undefined && !isWrong && (isLastAdmin ? t('settings:last_admin') : t(`account:${wholeWord(error)}`))}
        </Trouble>
        <Button type="submit" color="danger" loading={busy}>
          {t('settings:close.submit')}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('settings:close.keep')}
        </Button>
      </Form>
      {dialog}
    </>
  )
}
