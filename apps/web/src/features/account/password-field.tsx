import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Field } from '#ui/field.tsx'

type Props = {
  label: string
  autoComplete: 'current-password' | 'new-password'
  value: string
  error?: string | undefined
  hint?: string
  onChange: (value: string) => void
}

export const PasswordField = ({ onChange, ...props }: Props) => {
  const { t } = useTranslation('account')
  const [shown, setShown] = useState(false)
  const Icon = shown ? IconEyeOff : IconEye
  return (
    <Field
      {...props}
      name="password"
      type={shown ? 'text' : 'password'}
      required
      onChange={({ target }) => onChange(target.value)}
      after={
        <button type="button" onClick={() => setShown(!shown)} aria-label={t(shown ? 'hide_password' : 'show_password')}>
          <Icon size={20} aria-hidden />
        </button>
      }
    />
  )
}
