import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { expectInvariants } from '../lib/invariants.ts'

const app = await startTestApp()
const { db, given, receipts, database, as } = app
const ORDERS = 60
const KILLS = 12

/** Issues receipts in a process of its own and dies by SIGKILL after so many milliseconds of it. */
const issueAndDie = (url: string, ms: number) =>
  new Promise<NodeJS.Signals | null>((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('receipts-process.ts', import.meta.url)), url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.once('error', reject)
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), ms))
    child.once('exit', (_code, signal) => resolve(signal))
  })

test('kill -9 in the midst of issuing leaves no gap in the numbers and no payment with two receipts or none', async () => {
  const person = await as('customer')
  const hall = await given.hall({ rows: 6, seats_per_row: 10 })
  const session = await given.session({ hall_id: hall.id })
  await db.updateTable('seats').set({ seat_type: 'standard' }).where('hall_id', '=', hall.id).execute()
  for (let at = 0; at < ORDERS; at += 1)
    await person.post('/api/v1/tickets/purchase', { event_id: session.id, seat_id: session.seat_ids[at], card_token: 'tok_ok' })
  const count = async () => (await sql<{ n: number }>`select count(*) as n from receipts`.execute(db)).rows[0]?.n ?? 0
  const seen = new Set([await count()])
  // However fast the machine is: longer after a kill that came too early, shorter after one in the midst.
  let patience_ms = 2
  for (let kill = 0; kill < KILLS && (await count()) < ORDERS; kill += 1) {
    const before = await count()
    expect(await issueAndDie(database.url, patience_ms)).toBe('SIGKILL')
    const after = await count()
    seen.add(after)
    patience_ms = after === before ? patience_ms * 2 : Math.max(1, patience_ms / 2)
  }
  const midst = [...seen].filter((n) => n > 0 && n < ORDERS)
  console.log(`Killed with ${midst.join(', ')} of ${ORDERS} receipts issued.`)
  expect(midst.length).toBeGreaterThan(1)
  await receipts.issueDue()
  const { rows } = await sql<{ number: number }>`select number from receipts order by number`.execute(db)
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: ORDERS }, (_, at) => at + 1))
  expect(await db.selectFrom('receipt_dues').select('id').execute()).toEqual([])
  await expectInvariants(db)
}, 120_000)
