const DAY_MS = 86_400_000
/** Days are the reader's own, both ends counted. */
const startOf = (day: string) => new Date(`${day}T00:00:00`)
const isDay = (day: string | undefined): day is string => day !== undefined && !Number.isNaN(startOf(day).getTime())

export type Period = { from?: string; to?: string }

/** The moments between which a period of days lies, as lists ask for them. */
export const momentsOf = ({ from, to }: Period) => ({
  ...(isDay(from) && { from: startOf(from).toISOString() }),
  ...(isDay(to) && { to: new Date(startOf(to).getTime() + DAY_MS).toISOString() }),
})
