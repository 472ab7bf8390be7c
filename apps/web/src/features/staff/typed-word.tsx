import { useTranslation } from 'react-i18next'

import { Field } from '#ui/field.tsx'

type Props = { word: string; value: string; onChange: (text: string) => void }

export const isTyped = (typed: string, word: string) => typed.trim().toLocaleLowerCase() === word.trim().toLocaleLowerCase()

/** Asks for a word before something that cannot be undone. */
export const TypedWord = ({ word, value, onChange }: Props) => {
  const { t } = useTranslation('desk')
  return (
    <Field
      label={t('typed.label')}
      hint={word}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  )
}
