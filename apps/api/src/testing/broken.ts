import { sql } from 'kysely'
import { expect } from 'vitest'

import { type CheckOptions, checkInvariants, type Report } from '#modules/invariants/service.ts'
import type { Db, Tx } from '#platform/db/kysely.ts'

const UNGUARD = `do $$ declare c record; begin
  for c in select conrelid::regclass as of, conname from pg_constraint where contype in ('c', 'x', 'u') and connamespace in ('public'::regnamespace, 'mock_provider'::regnamespace)
    loop execute format('alter table %s drop constraint %I', c.of, c.conname); end loop;
  for c in select indexrelid::regclass as name from pg_index i join pg_class t on t.oid = i.indrelid
    where indisunique and not indisprimary and t.relnamespace = 'public'::regnamespace
    loop execute format('drop index %s', c.name); end loop;
end $$`
const UNDONE = Symbol('undone')

/** What is violated, with examples, so that a failing test says what it found. */
export const wrongIn = ({ findings }: Report) =>
  findings.filter((finding) => finding.verdict === 'violated').map(({ id, examples }) => ({ id, examples }))

/** Breaks the database inside a transaction that is rolled back, and looks at it from there. */
export const checkBroken = async (db: Db, statements: string[], options: CheckOptions): Promise<Report> => {
  let report: Report | undefined
  const breaking = db.transaction().execute(async (tx: Tx) => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await sql.raw(UNGUARD).execute(tx)
    for (const statement of statements) {
      const { numAffectedRows = 0n } = await sql.raw(statement).execute(tx)
      if (numAffectedRows === 0n) throw new Error(`Nothing was broken by: ${statement}`)
    }
    report = await checkInvariants(tx, options)
    throw UNDONE
  })
  await expect(breaking).rejects.toBe(UNDONE)
  if (!report) throw new Error('Nothing was looked at.')
  return report
}
