import { useId } from 'react'

import desk from './desk.module.css'

type Props<Value> = {
  legend: string
  options: readonly (readonly [value: Value, face: string, spoken?: string])[]
  chosen: readonly Value[]
  error?: string | undefined
  /** Days of the week, in columns. */
  week?: boolean
  onChange: (chosen: Value[]) => void
}

/** Some of a few, each a box to tick that is large enough for a finger. */
export const BoxSet = <Value extends string | number>({
  legend,
  options,
  chosen,
  error,
  week = false,
  onChange,
}: Props<Value>) => {
  const id = useId()
  return (
    <fieldset className={desk.boxes} aria-describedby={error === undefined ? undefined : id}>
      <legend>{legend}</legend>
      <div {...(week && { 'data-week': true })}>
        {options.map(([value, face, spoken]) => (
          <label key={value}>
            <input
              type="checkbox"
              aria-label={spoken ?? face}
              checked={chosen.includes(value)}
              onChange={({ target }) => onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))}
            />
            <span aria-hidden="true">{face}</span>
          </label>
        ))}
      </div>
      {error !== undefined && (
        <p id={id} className={desk.error}>
          {error}
        </p>
      )}
    </fieldset>
  )
}
