import { isDay } from '#lib/days.ts'

/** The day whose showings a film page shows. */
export const readFilmSearch = ({ date }: Record<string, unknown>): { date?: string } => (isDay(date) ? { date } : {})
