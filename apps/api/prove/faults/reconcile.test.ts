import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { startTestApp } from '#testing/app.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'

const app = await startTestApp()
const { db, given, pool, database, as, clock } = app
const ORDERS = 60
const STRANGE = 3
const KILLS = 30
const HOUR_S = 3_600
const counters = createCounters()

/** Compares in a process of its own, which dies by SIGKILL soon after it has asked for so many pages, unless it is done before. */
const compareAndDie = (pages: number) =>
  new Promise<NodeJS.Signals | null>((resolve, reject) => {
    const script = fileURLToPath(new URL('reconcile-process.ts', import.meta.url))
    const child = spawn(process.execPath, [script, database.url], { stdio: ['ignore', 'pipe', 'inherit'] })
    let asked = 0
    child.once('error', reject)
    child.stdout.on('data', (dots: Buffer) => {
      asked += dots.length
      if (asked >= pages) setTimeout(() => child.kill('SIGKILL'), Math.random() * 4)
    })
    child.once('exit', (code, signal) => (code ? reject(new Error(`The process failed with ${code}.`)) : resolve(signal)))
  })

const runs = async () =>
  (await pool.query('select phase, cursor, movements, differences, finished_at is not null as is_done from reconciliations')).rows
const countOf = async (query: string) => Number((await pool.query(query)).rows[0].count)

test('Q-02: kill -9 in the midst of comparing the books loses no movement, and tells each difference and each person once', async () => {
  const person = await as('customer')
  await as('admin')
  const hall = await given.hall({ rows: 6, seats_per_row: 10 })
  const session = await given.session({ hall_id: hall.id })
  await db.updateTable('seats').set({ seat_type: 'standard' }).where('hall_id', '=', hall.id).execute()
  for (let at = 0; at < ORDERS; at += 1)
    await person.post('/api/v1/tickets/purchase', { event_id: session.id, seat_id: session.seat_ids[at], card_token: 'tok_ok' })
  for (let at = 1; at <= STRANGE; at += 1) {
    await pool.query(
      `insert into mock_provider.intents (id, idempotency_key, payment_id, amount_minor, currency, status, captured_minor, client_secret)
       values ($1, $1, $2, 100, 'UAH', 'succeeded', 100, 'none')`,
      [`strange-${at}`, 900_000 + at],
    )
    await pool.query(
      `insert into mock_provider.journal (idempotency_key, intent_id, kind, amount_minor, currency) values ($1, $1, 'charge', 100, 'UAH')`,
      [`strange-${at}`],
    )
  }
  clock.advance(HOUR_S)
  // What other processes go by.
  await pool.query(`alter database ${new URL(database.url).pathname.slice(1)} set app.now = '${clock.now().toISOString()}'`)

  const stages = new Set<string>()
  for (let kill = 0; kill < KILLS && !(await runs())[0]?.is_done; kill += 1) {
    const signal = await compareAndDie(1 + (kill % 4))
    counters.add(signal === 'SIGKILL' ? 'killed' : 'came to its end')
    const [run] = await runs()
    if (run && signal === 'SIGKILL') stages.add(`${run.phase} ${run.cursor}`)
  }
  if (!(await runs())[0]?.is_done) await app.checkout.reconcile.run()
  console.log(`Reconciliation: ${describeCounts(counters.all())}, ${stages.size} places where it died`)

  expect(stages.size).toBeGreaterThan(2)
  expect(await runs()).toMatchObject([{ is_done: true, movements: ORDERS + STRANGE, differences: STRANGE }])
  expect(await countOf('select count(*) from payments where reconciled_at is null')).toBe(0)
  expect(await countOf('select count(*) from payment_alarms where resolved_at is null')).toBe(STRANGE)
  const admins = await countOf(`select count(*) from users where role = 'admin' and is_active`)
  expect(admins).toBeGreaterThan(0)
  expect(await countOf(`select count(*) from pgboss.job where data ->> 'kind' = 'books_differ'`)).toBe(admins)
  // The provider's own books are what is strange here.
  expect((await checkInvariants(db)).violated.filter((id) => id !== 'P1')).toEqual([])
}, 120_000)
