import { type Answered, createPerKind } from '../answered.ts'

const NAME = 'http_request_duration_seconds'
/** Seconds; from a cached answer to a statement that waited for a lock. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10]

/** `counts` are those that took no longer than each bucket says, and longer than the bucket before. */
type Series = { labels: string; counts: number[]; count: number; sum: number }

const createSeries = ({ method, route, status }: Answered): Series => ({
  labels: `method=${JSON.stringify(method)},route=${JSON.stringify(route)},status_code="${status}"`,
  counts: BUCKETS.map(() => 0),
  count: 0,
  sum: 0,
})

const linesOf = ({ labels, counts, count, sum }: Series): string[] => {
  let upTo = 0
  return [
    ...BUCKETS.map((bound, at) => `${NAME}_bucket{le="${bound}",${labels}} ${(upTo += counts[at] ?? 0)}`),
    `${NAME}_bucket{le="+Inf",${labels}} ${count}`,
    `${NAME}_sum{${labels}} ${sum}`,
    `${NAME}_count{${labels}} ${count}`,
  ]
}

/**
 * How long requests took, as Prometheus reads it. A histogram of the library finds its series by a text that it puts
 * together at each request, which took longer than anything else that is done for a kept answer.
 */
export const createDurations = () => {
  const series = createPerKind(createSeries)

  return {
    observe: (answered: Answered) => {
      const one = series.of(answered)
      const seconds = answered.ms / 1000
      const bucket = BUCKETS.findIndex((bound) => seconds <= bound)
      if (bucket >= 0) one.counts[bucket] = (one.counts[bucket] ?? 0) + 1
      one.count += 1
      one.sum += seconds
    },
    show: (): string =>
      [
        `# HELP ${NAME} How long requests took, by method, route and status.`,
        `# TYPE ${NAME} histogram`,
        ...series.all().flatMap(linesOf),
        '',
      ].join('\n'),
  }
}
