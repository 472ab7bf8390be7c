import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { cinemasQuery } from '#features/cinemas/api.ts'
import style from './staff.module.css'

type Props = { chosen: number[]; onChange: (ids: number[]) => void }

/** At which cinemas somebody works. */
export const CinemaChoice = ({ chosen, onChange }: Props) => {
  const { t } = useTranslation('staff')
  const { data: cinemas = [] } = useQuery(cinemasQuery)
  return (
    <fieldset className={style.boxes}>
      <legend>{t('user.places')}</legend>
      {cinemas.map(({ id, name }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={({ target }) => onChange(target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
          />
          {name}
        </label>
      ))}
      {chosen.length === 0 && <p className={style.soft}>{t('user.nowhere')}</p>}
    </fieldset>
  )
}
