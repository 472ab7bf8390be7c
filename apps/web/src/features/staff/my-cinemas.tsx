import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { type Cinema, cinemasQuery } from '#features/cinemas/api.ts'
import { useAccess } from './access.ts'

/** The cinemas where this person works; undefined until they are known. */
export const useMyCinemas = (): Cinema[] | undefined => {
  const { cinema_ids } = useAccess()
  const { data } = useQuery(cinemasQuery)
  return data?.filter(({ id }) => cinema_ids === null || cinema_ids.includes(id))
}

/** The cinema that the address names, if it is one of mine; else my first. */
export const useCinema = (named: string | undefined): Cinema | undefined => {
  const mine = useMyCinemas()
  return mine?.find(({ id }) => String(id) === named) ?? mine?.[0]
}

/** Whoever works at one cinema is not asked which. */
export const CinemaPick = ({ value, onChange }: { value: number | undefined; onChange: (cinema: string) => void }) => {
  const { t } = useTranslation('staff')
  const mine = useMyCinemas() ?? []
  if (mine.length < 2) return null
  return (
    <Choice
      label={t('filters.cinema')}
      value={String(value ?? '')}
      options={mine.map(({ id, name }) => [String(id), name])}
      onChange={onChange}
    />
  )
}

/** The same as a filter of a list, where all of them may be seen at once. */
export const CinemaFilter = ({ value, onChange }: { value: string | undefined; onChange: (cinema: string) => void }) => {
  const { t } = useTranslation('staff')
  const mine = useMyCinemas() ?? []
  if (mine.length < 2) return null
  const options = mine.map(({ id, name }): [string, string] => [String(id), name])
  return (
    <Choice label={t('filters.cinema')} value={value ?? ''} options={[['', t('filters.all')], ...options]} onChange={onChange} />
  )
}
