import type { Finding, Report, Verdict } from './service.ts'

const MARKS: Record<Verdict, string> = { holds: '✓', violated: '✗', skipped: '–' }

const outcome = ({ verdict, count, why, ms }: Finding) => {
  if (verdict === 'holds') return `0 violations, ${ms} ms`
  if (verdict === 'violated') return `${count} ${count === 1 ? 'VIOLATION' : 'VIOLATIONS'}, ${ms} ms`
  return `${verdict.toUpperCase()}: ${why}`
}

const lines = (finding: Finding): string[] => [
  `${MARKS[finding.verdict]} ${finding.id.padEnd(3)} ${finding.sentence} [${outcome(finding)}]`,
  ...finding.examples.map(({ problem, ids }) => `      ${problem}: ${JSON.stringify(ids)}`),
]

const plural = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`

/** The report in words, one line for each invariant and one for each example. */
export const describeReport = ({ findings, violated, ms }: Report): string[] => {
  const of = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length
  const rest = `${of('skipped')} skipped, ${ms} ms`
  const summary =
    violated.length > 0
      ? `${plural(violated.length, 'invariant')} violated (${violated.join(', ')}), ${of('holds')} hold, ${rest}.`
      : `${plural(of('holds'), 'invariant')} hold, ${rest}.`
  return [...findings.flatMap(lines), summary]
}
