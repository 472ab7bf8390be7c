import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'

import type { Measured, SceneName } from './measure.ts'
import type { Options, Question } from './options.ts'
import type { Part } from './parts.ts'
import { medianOf, medianRatio } from './rounds.ts'
import type { Check } from './verify.ts'

export type Results = Map<SceneName, Measured[]>
export type Verdict = {
  question: Question
  promise: string
  ratio: number
  target: number
  stretch: number
  sense: 'at least' | 'at most'
}

const rate = ({ rate: value }: Measured) => value
const withNode = ({ api_us, postgres_us }: Measured) => api_us + postgres_us
const onlyPostgres = ({ postgres_us }: Measured) => postgres_us

const ratios: ((results: Results) => Verdict)[] = [
  (results) => ({
    question: 'Q-40',
    promise: 'full booking over HTTP ÷ pgbench running the same SQL, same clients',
    ratio: medianRatio(results.get('spread'), results.get('pgbench'), rate),
    target: 0.45,
    stretch: 0.6,
    sense: 'at least',
  }),
  (results) => ({
    question: 'Q-41',
    promise: 'CPU per full booking (Node + PostgreSQL) ÷ the same statement in pgbench',
    ratio: medianRatio(results.get('spread'), results.get('pgbench'), withNode, onlyPostgres),
    target: 1.8,
    stretch: 1.5,
    sense: 'at most',
  }),
  (results) => ({
    question: 'Q-42',
    promise: 'one hot session ÷ bookings spread over 10,000 sessions',
    ratio: medianRatio(results.get('hot'), results.get('spread'), rate),
    target: 0.8,
    stretch: 0.9,
    sense: 'at least',
  }),
  (results) => ({
    question: 'Q-42',
    promise: 'everybody using one promo code ÷ none',
    ratio: medianRatio(results.get('coded'), results.get('spread'), rate),
    target: 0.7,
    stretch: 0.85,
    sense: 'at least',
  }),
  (results) => ({
    question: 'Q-43',
    promise: 'refusals/s on a sold-out session ÷ bookings/s',
    ratio: medianRatio(results.get('sold'), results.get('spread'), rate),
    target: 3,
    stretch: 5,
    sense: 'at least',
  }),
]

export const judge = (questions: Question[], results: Results): Verdict[] =>
  results.size === 0 ? [] : ratios.map((read) => read(results)).filter(({ question }) => questions.includes(question))

export const number = (value: number, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '–')
export const percent = (value: number) => (Number.isFinite(value) ? `${(value * 100).toFixed(0)} %` : '–')

const reaches = ({ ratio, sense }: Verdict, bound: number) => (sense === 'at least' ? ratio >= bound : ratio <= bound)
const outcome = (verdict: Verdict) => {
  if (reaches(verdict, verdict.stretch)) return 'met, stretch too'
  return reaches(verdict, verdict.target) ? 'met' : 'MISSED'
}

/** Cells padded so that the table reads well on the console and in Markdown. */
export const table = (head: string[], rows: string[][]): string => {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  return [
    line(head),
    `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`,
    ...rows.map(line),
  ].join('\n')
}

const TITLES: Record<SceneName, string> = {
  pgbench: 'pgbench, the reserve statement',
  spread: 'HTTP, bookings over 10,000 sessions',
  coded: 'HTTP, bookings with one code for all',
  hot: 'HTTP, bookings of one session',
  sold: 'HTTP, refusals: every seat sold',
  held: 'HTTP, refusals: every seat on hold',
}

const verdictTable = (verdicts: Verdict[]) =>
  table(
    ['ratio', 'measured', 'target', 'stretch', 'outcome'],
    verdicts.map((verdict) => [
      `${verdict.question} ${verdict.promise}`,
      number(verdict.ratio, 2),
      `${verdict.sense === 'at least' ? '≥' : '≤'} ${verdict.target.toFixed(2)}`,
      verdict.stretch.toFixed(2),
      outcome(verdict),
    ]),
  )

const sceneTable = (results: Results) =>
  table(
    [
      'scene',
      'per second',
      'Node µs',
      'PostgreSQL µs',
      'sum µs',
      'client µs',
      'p50 ms',
      'p99 ms',
      'unexpected',
      'CPU busy',
      'by others',
    ],
    [...results].map(([name, runs]) => {
      const mid = (read: (run: Measured) => number) => medianOf(runs, read)
      return [
        TITLES[name],
        number(mid(rate)),
        name === 'pgbench' ? '–' : number(mid(({ api_us }) => api_us)),
        number(mid(onlyPostgres)),
        number(mid(withNode)),
        number(mid(({ client_us }) => client_us)),
        number(
          mid(({ p50_ms }) => p50_ms),
          1,
        ),
        number(
          mid(({ p99_ms }) => p99_ms),
          1,
        ),
        String(runs.reduce((sum, { unexpected }) => sum + unexpected, 0)),
        percent(mid(({ busy }) => busy)),
        percent(mid(({ others }) => others)),
      ]
    }),
  )

const partsTable = (parts: Part[]) => {
  const claim = parts[1]?.postgres_us ?? Number.NaN
  return table(
    ['pgbench runs', 'per second', 'PostgreSQL µs', '÷ bare claim'],
    parts.map((part) => [part.name, number(part.rate), number(part.postgres_us), number(part.postgres_us / claim, 2)]),
  )
}

const checkList = (checks: Check[]) =>
  checks.map(({ name, sound, detail }) => `- ${sound ? '✓' : '✗'} ${name}: ${detail}`).join('\n')

const roundsTable = (results: Results) =>
  table(
    ['per second, round by round', ...(results.values().next().value ?? []).map((_, index) => String(index + 1))],
    [...results].map(([name, runs]) => [TITLES[name], ...runs.map((run) => number(run.rate))]),
  )

export type Setting = {
  options: Options
  settings: Record<string, string>
  pgbench: string | undefined
  load_before: number
  commit: string
}

export const readCommit = (): string => {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', '../apps') === '' ? '' : ' with uncommitted changes'}`
  } catch {
    return 'unknown'
  }
}

export const loadNow = () => loadavg()[0] ?? Number.NaN

const setup = ({ options, settings, pgbench = 'no pgbench', load_before, commit }: Setting): string => {
  const processors = cpus()
  const { server_version = '?', ...durability } = settings
  return [
    `- ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit}`,
    `- ${processors[0]?.model.trim() ?? '?'}, ${processors.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; load before the run ${load_before.toFixed(2)}`,
    `- Node ${process.version}, PostgreSQL ${server_version}, ${pgbench}`,
    `- ${Object.entries(durability)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `- ${options.clients} clients on both sides, the API's pool ${options.pool_size ?? 'as delivered'}, ${options.seats} seat(s) per booking`,
    `- ${options.rounds} rounds forwards and backwards by turns, each scene ${options.warm_seconds} s to warm up and ${options.window_seconds} s measured`,
  ].join('\n')
}

type Outcome = { setting: Setting; verdicts: Verdict[]; results: Results; parts: Part[]; reads: string[]; checks: Check[] }

/** The whole report: the console's text and the file's are the same. */
export const render = ({ setting, verdicts, results, parts, reads, checks }: Outcome): string =>
  [
    setup(setting),
    verdicts.length > 0 && verdictTable(verdicts),
    results.size > 0 && sceneTable(results),
    parts.length > 0 && partsTable(parts),
    results.size > 0 && roundsTable(results),
    ...reads,
    checkList(checks),
  ]
    .filter(Boolean)
    .join('\n\n')
