import type { Question } from '../options.ts'
import { number, percent, table, type Verdict } from '../report.ts'
import { medianOf, medianRatio, middleHalf } from '../rounds.ts'
import { shortSize } from '../scale/shape.ts'
import { CROWD, READERS } from './catalogue.ts'
import { type ReadResults, type Reads, SCALED } from './measure.ts'
import { PEER_SCENES } from './peer.ts'
import type { Read } from './scenes.ts'

const rate = ({ rate: value }: Read) => value
const p50 = ({ p50_ms }: Read) => p50_ms

type Bound = Pick<Verdict, 'target' | 'stretch' | 'sense'>

const compare = (
  results: ReadResults,
  question: Question,
  promise: string,
  [above, below]: [string, string],
  bound: Bound,
  read = rate,
) =>
  results.has(above) && results.has(below)
    ? [{ question, promise, ratio: medianRatio(results.get(above), results.get(below), read), ...bound }]
    : []

const atLeast = (target: number, stretch: number): Bound => ({ target, stretch, sense: 'at least' })
const atMost = (target: number, stretch: number): Bound => ({ target, stretch, sense: 'at most' })

export const judgeReads = ({ results, sizes }: Reads): Verdict[] => {
  const [small, large] = sizes ? [shortSize(sizes.small.tickets), shortSize(sizes.large.tickets)] : ['', '']
  return [
    ...SCALED.flatMap((name) =>
      compare(
        results,
        'Q-44',
        `p50 of ${name} at ${large} tickets ÷ ${small}`,
        [`${name}, large`, `${name}, small`],
        atMost(1.5, 1.25),
        p50,
      ),
    ),
    ...['movie list', 'movie'].flatMap((name) => [
      ...compare(results, 'Q-45', `${name}, kept ÷ bare Fastify`, [`${name}, kept`, `${name}, bare`], atLeast(0.85, 0.95)),
      ...compare(
        results,
        'Q-45',
        `${name}, read by a crowd of ${CROWD} ÷ bare Fastify`,
        [`${name}, read, crowd`, `${name}, bare, crowd`],
        atLeast(0.3, 0.3),
      ),
    ]),
    ...compare(
      results,
      'Q-46',
      'authenticated GET ÷ anonymous GET',
      ['session, signed in', 'session, anonymous'],
      atLeast(0.85, 0.95),
    ),
    ...PEER_SCENES.flatMap((name) =>
      compare(results, 'Q-51', `${name}, ours ÷ peer`, [`${name}, ours`, `${name}, peer`], atLeast(6, 10)),
    ),
  ]
}

const startTable = ({ starts }: Reads) =>
  table(
    ['Q-49', 'median', 'target', 'stretch', 'outcome', 'each'],
    starts.map(({ name, values, median, target, stretch, unit }) => [
      name,
      `${number(median, unit === 's' ? 2 : 0)} ${unit}`,
      `≤ ${target}`,
      String(stretch),
      median <= target ? (median <= stretch ? 'met, stretch too' : 'met') : 'MISSED',
      values.map((value) => number(value, unit === 's' ? 2 : 0)).join(' '),
    ]),
  )

const readRatios = (name: string, who: string): [string, string, string][] => [
  [name, `stored whole, ${who}`, `bare, ${who}`],
  ...['read', 'read, different'].flatMap((read): [string, string, string][] => [
    [name, `${read}, ${who}`, `bare, ${who}`],
    [name, `${read}, ${who}`, `stored whole, ${who}`],
  ]),
]

const RATIOS = ['movie list', 'movie'].flatMap((name): [string, string, string][] => [
  [name, 'kept', 'bare'],
  [name, 'kept beside all else', 'bare'],
  ...READERS.flatMap((who) => readRatios(name, who)),
])

const cpu = ({ api_us, postgres_us }: Read) => api_us + postgres_us

/** Of all answers of all windows: a short window has few ticks of the clock that counts CPU. */
const perAnswer = (runs: Read[] = [], read: (run: Read) => number) =>
  runs.reduce((sum, run) => sum + read(run) * run.done, 0) / runs.reduce((sum, { done }) => sum + done, 0)

/** What every window of all rounds says of these ratios, and what the CPU says, which knows no queue and no neighbour. */
const turnsTable = (results: ReadResults) =>
  table(
    ['Q-45', 'per second', 'middle half', 'windows', 'by CPU'],
    RATIOS.map(([name, above, below]) => {
      const [ours, theirs] = [results.get(`${name}, ${above}`), results.get(`${name}, ${below}`)]
      const [low, high] = middleHalf(ours, theirs, rate)
      return [
        `${name}, ${above} ÷ ${below}`,
        number(medianRatio(ours, theirs, rate), 2),
        `${number(low, 2)}–${number(high, 2)}`,
        String(ours?.length ?? 0),
        number(perAnswer(theirs, cpu) / perAnswer(ours, cpu), 2),
      ]
    }),
  )

const sceneTable = (results: ReadResults) =>
  table(
    ['scene', 'per second', 'Node µs', 'PostgreSQL µs', 'client µs', 'p50 ms', 'p99 ms', 'unexpected', 'CPU busy', 'by others'],
    [...results].map(([name, runs]) => {
      const mid = (read: (run: Read) => number, digits = 0) => number(medianOf(runs, read), digits)
      return [
        name,
        mid(rate),
        number(perAnswer(runs, ({ api_us }) => api_us)),
        number(perAnswer(runs, ({ postgres_us }) => postgres_us)),
        number(perAnswer(runs, ({ client_us }) => client_us)),
        mid(p50, 2),
        mid(({ p99_ms }) => p99_ms, 2),
        String(runs.reduce((sum, { unexpected }) => sum + unexpected, 0)),
        percent(medianOf(runs, ({ busy }) => busy)),
        percent(medianOf(runs, ({ others }) => others)),
      ]
    }),
  )

const madeLines = ({ sizes }: Reads): string[] =>
  sizes
    ? [sizes.small, sizes.large].map(
        ({ tickets, seconds }) =>
          `${shortSize(tickets)} tickets ${seconds > 0 ? `made in ${seconds.toFixed(0)} s` : 'made before'}`,
      )
    : []

export const renderReads = (reads: Reads): string[] => {
  const lines = [...madeLines(reads), ...reads.notes].map((line) => `- ${line}`)
  return [
    ...(reads.starts.length > 0 ? [startTable(reads)] : []),
    ...(reads.results.has('movie, bare') ? [turnsTable(reads.results)] : []),
    ...(reads.results.size > 0 ? [sceneTable(reads.results)] : []),
    ...(lines.length > 0 ? [lines.join('\n')] : []),
  ]
}
