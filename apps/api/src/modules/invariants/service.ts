import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { auditChecks } from './audit.checks.ts'
import { balanceChecks } from './balances.checks.ts'
import type { Check, CheckOptions, Found, Violation } from './check.ts'
import { deadlineChecks } from './deadlines.checks.ts'
import { derivedChecks } from './derived.checks.ts'
import { doorChecks } from './door.checks.ts'
import { exchangeChecks } from './exchanges.checks.ts'
import { messageChecks } from './messages.checks.ts'
import { moneyChecks } from './money.checks.ts'
import { orderChecks } from './orders.checks.ts'
import { providerChecks } from './provider.checks.ts'
import { receiptChecks } from './receipts.checks.ts'
import { scheduleChecks } from './schedule.checks.ts'
import { seatChecks } from './seats.checks.ts'
import { shownChecks } from './shown.checks.ts'

export type { CheckOptions } from './check.ts'
export type Verdict = 'holds' | 'violated' | 'skipped'
export type Finding = {
  id: string
  sentence: string
  verdict: Verdict
  count: number
  examples: Violation[]
  why: string
  ms: number
}
export type Report = { findings: Finding[]; violated: string[]; ms: number }

const checks: Check[] = [
  ...seatChecks,
  ...orderChecks,
  ...moneyChecks,
  ...deadlineChecks,
  ...balanceChecks,
  ...scheduleChecks,
  ...doorChecks,
  ...messageChecks,
  ...auditChecks,
  ...shownChecks,
  ...providerChecks,
  ...exchangeChecks,
  ...receiptChecks,
  ...derivedChecks,
]

const nothing = { count: 0, examples: [], why: '', ms: 0 }
const elapsed = (since: number) => Math.round(performance.now() - since)

const judge = (found: Found | string) => {
  if (typeof found === 'string') return { ...nothing, verdict: 'skipped' as const, why: found }
  return { ...nothing, ...found, verdict: found.count > 0 ? ('violated' as const) : ('holds' as const) }
}

const placeOf = ({ id }: Finding) => (id.startsWith('I') ? Number(id.slice(1)) : Infinity)

/** One after the other: the embedded database has one connection, and a transaction is one. */
const run = async (db: Db, options: CheckOptions): Promise<Report> => {
  const started = performance.now()
  const findings: Finding[] = []
  for (const { id, sentence, find } of checks) {
    const since = performance.now()
    findings.push({ id, sentence, ...judge(await find(db, options)), ms: elapsed(since) })
  }
  findings.sort((a, b) => placeOf(a) - placeOf(b))
  const violated = findings.filter(({ verdict }) => verdict === 'violated').map(({ id }) => id)
  return { findings, violated, ms: elapsed(started) }
}

/**
 * Checks the domain's invariants on any database. A transaction is looked at from inside; anything else is read in one
 * read-only snapshot, so that a busy system shows a single moment.
 */
export const checkInvariants = (db: Db, options: CheckOptions = {}): Promise<Report> => {
  if (db.isTransaction) return run(db, options)
  const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return snapshot.execute(async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx)
    await sql`set local work_mem = '64MB'`.execute(tx)
    return run(tx, options)
  })
}
