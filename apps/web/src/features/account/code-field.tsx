import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Field } from '#ui/field.tsx'
import style from './forms.module.css'

type Props = { value: string; wrong: boolean; onChange: (code: string) => void }

/** Whoever is asked for a code may type at once. */
const focusInside = (box: HTMLElement | null) => box?.querySelector('input')?.focus()

/** The code of the authenticator app, or one of the recovery codes for whoever has lost it. */
export const CodeField = ({ value, wrong, onChange }: Props) => {
  const { t } = useTranslation('account')
  const [recovery, setRecovery] = useState(false)
  return (
    <div key={String(recovery)} className={style.form} ref={focusInside}>
      <Field
        label={t(recovery ? 'in.recovery' : 'in.code')}
        hint={t(recovery ? 'in.recovery_hint' : 'in.code_hint')}
        error={wrong ? t('in.wrong_code') : undefined}
        name={recovery ? 'recovery-code' : 'one-time-code'}
        inputMode={recovery ? 'text' : 'numeric'}
        autoComplete={recovery ? 'off' : 'one-time-code'}
        autoCapitalize="characters"
        spellCheck={false}
        required
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      <button
        type="button"
        className={style.aside}
        onClick={() => {
          setRecovery(!recovery)
          onChange('')
        }}
      >
        {t(recovery ? 'in.use_code' : 'in.use_recovery')}
      </button>
    </div>
  )
}
