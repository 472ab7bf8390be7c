import { pino } from 'pino'

import { findSeller } from '#modules/cinemas/terms.repository.ts'
import { createIssueReceipts } from '#modules/receipts/issue.ts'
import { createDb } from '#platform/db/kysely.ts'
import { openServer } from '#platform/db/pool.ts'

/** Issues receipts again and again, until somebody kills it. */
const { pool } = openServer({ url: process.argv[2] ?? '', size: 2 })
const db = createDb(pool)
const issueDue = createIssueReceipts({ db, log: pino({ level: 'silent' }), sellerOf: findSeller })
await pool.query('select 1')
process.stdout.write('ready\n')
for (;;) await issueDue()
