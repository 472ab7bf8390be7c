import { useId } from 'react'

import style from './fields.module.css'

type ChoiceProps = {
  label: string
  value: string
  options: readonly (readonly [value: string, label: string])[]
  onChange: (value: string) => void
}

/** The browser's own list: it fits every device. */
export const Choice = ({ label, value, options, onChange }: ChoiceProps) => (
  <label className={style.choice}>
    <span>{label}</span>
    <select value={value} onChange={({ target }) => onChange(target.value)}>
      {options.map(([name, text]) => (
        <option key={name} value={name}>
          {text}
        </option>
      ))}
    </select>
  </label>
)

type LongProps = {
  label: string
  hint?: string
  error?: string | undefined
  maxLength?: number
  value: string
  onChange: (value: string) => void
}

/** Some lines of text. */
export const LongField = ({ label, hint, error, value, onChange, ...limits }: LongProps) => {
  const id = useId()
  return (
    <div className={style.choice}>
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={4}
        {...limits}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-notes`}
        onChange={({ target }) => onChange(target.value)}
      />
      <p id={`${id}-notes`} className={error === undefined ? style.hint : style.error}>
        {error ?? hint}
      </p>
    </div>
  )
}

type SwitchProps = { label: string; hint?: string; checked: boolean; onChange: (checked: boolean) => void }

export const Switch = ({ label, hint, checked, onChange }: SwitchProps) => (
  <label className={style.switch}>
    <input type="checkbox" checked={checked} onChange={({ target }) => onChange(target.checked)} />
    <span>
      <b>{label}</b>
      {hint !== undefined && <small>{hint}</small>}
    </span>
  </label>
)
