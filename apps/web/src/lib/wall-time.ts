const formats = new Map<string, Intl.DateTimeFormat>()

/** A moment by the clock of that place, as a field for date and time has it: 2030-01-18T20:00. */
export const wallTime = (moment: string | number, timezone: string): string => {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' })
  formats.set(timezone, format)
  return format.format(new Date(moment)).replace(' ', 'T')
}

const offsetAt = (moment: number, timezone: string) => Date.parse(`${wallTime(moment, timezone)}Z`) - moment

/** The moment when the clock of that place shows this; undefined for what is no time. An hour that comes twice is its second time. */
export const momentAt = (wall: string, timezone: string): string | undefined => {
  const there = Date.parse(`${wall}Z`)
  if (Number.isNaN(there)) return undefined
  const near = there - offsetAt(there, timezone)
  return new Date(there - offsetAt(near, timezone)).toISOString()
}
