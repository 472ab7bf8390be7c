/** Counts what happened, by name. */
export const createCounters = () => {
  const counts = new Map<string, number>()
  return {
    add: (name: string, by = 1): void => {
      counts.set(name, (counts.get(name) ?? 0) + by)
    },
    get: (name: string): number => counts.get(name) ?? 0,
    all: (): Record<string, number> => Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}
export type Counters = ReturnType<typeof createCounters>

export const describeCounts = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')

/** The value that this share of all lies below. */
export const quantile = (values: number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}
