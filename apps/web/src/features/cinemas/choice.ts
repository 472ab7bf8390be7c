import { useQuery } from '@tanstack/react-query'

import { theBeginning } from '#lib/preload.ts'
import { storedChoice } from '#lib/stored.ts'
import { type Cinema, cinemasQuery } from './api.ts'

const choice = storedChoice('marquee_cinema', () => theBeginning().painted?.cinema)

/** The remembered cinema; before anyone chose, the oldest one. */
export const pickCinema = (cinemas: Cinema[], chosen: string | undefined): Cinema | undefined =>
  cinemas.find(({ id }) => String(id) === chosen) ?? cinemas.toSorted((a, b) => a.id - b.id)[0]

export const rememberCinema = (id: number) => choice.set(String(id))

/** The cinema of this visitor, and whether they chose it themselves. */
export const useCinema = () => {
  const chosen = choice.use()
  const { data: cinemas = [] } = useQuery(cinemasQuery)
  return { cinema: pickCinema(cinemas, chosen), cinemas, chosen: chosen !== undefined }
}
