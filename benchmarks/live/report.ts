import { number, percent, table } from '../report.ts'
import { medianOf } from '../rounds.ts'
import type { Live, LiveRound } from './measure.ts'

const TARGET_MS = 60
const STRETCH_MS = 40

const quantile = (values: number[], share: number) => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

const outcome = (value: number) => (value <= TARGET_MS ? (value <= STRETCH_MS ? 'met, stretch too' : 'met') : 'MISSED')

export const renderLive = ({ rounds, watchers }: Live): string[] => {
  const mid = (read: (round: LiveRound) => number) => medianOf(rounds, read)
  const p99 = mid(({ pushed_ms }) => quantile(pushed_ms, 0.99))
  const each = rounds.map(({ pushed_ms }) => number(quantile(pushed_ms, 0.99), 1)).join(' ')
  return [
    table(
      ['Q-48', 'p99 ms', 'target', 'stretch', 'outcome', 'p50 ms', 'each round'],
      [
        [
          `seat-map push, begin of the booking's statement → last of ${watchers} watchers`,
          number(p99, 1),
          `≤ ${TARGET_MS}`,
          String(STRETCH_MS),
          outcome(p99),
          number(
            mid(({ pushed_ms }) => quantile(pushed_ms, 0.5)),
            1,
          ),
          each,
        ],
        [
          '… from the answer to the buyer on',
          number(
            mid(({ answered_ms }) => quantile(answered_ms, 0.99)),
            1,
          ),
          '',
          '',
          '',
          number(
            mid(({ answered_ms }) => quantile(answered_ms, 0.5)),
            1,
          ),
          rounds.map(({ answered_ms }) => number(quantile(answered_ms, 0.99), 1)).join(' '),
        ],
      ],
    ),
    table(
      ['one message to one watcher', 'bytes', 'Node µs', 'PostgreSQL µs', 'client µs', 'CPU busy', 'by others'],
      [
        [
          'delta of one booking',
          number(mid(({ bytes }) => bytes)),
          number(
            mid(({ cost }) => cost.api_us),
            1,
          ),
          number(
            mid(({ cost }) => cost.postgres_us),
            1,
          ),
          number(
            mid(({ cost }) => cost.client_us * 2),
            1,
          ),
          percent(mid(({ cost }) => cost.busy)),
          percent(mid(({ cost }) => cost.others)),
        ],
      ],
    ),
  ]
}
