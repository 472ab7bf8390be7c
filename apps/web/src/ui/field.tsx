import { useId, type InputHTMLAttributes, type ReactNode } from 'react'

import style from './field.module.css'

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> & {
  label: string
  hint?: string | undefined
  error?: string | undefined
  after?: ReactNode
}

/** A labelled input whose mistake stands beside it and is read out with it. */
export const Field = ({ label, hint, error, after, ...input }: Props) => {
  const id = useId()
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={style.field}>
      <label htmlFor={id}>{label}</label>
      <div className={style.box}>
        <input id={id} aria-invalid={error !== undefined} aria-describedby={notes || undefined} {...input} />
        {after}
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} className={style.error}>
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={style.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}
