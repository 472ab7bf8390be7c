import { pino } from 'pino'

import { createReconcile } from '#modules/checkout/reconcile/reconcile.ts'
import { createMockLedger } from '#modules/payments/providers/mock/ledger.ts'
import { toPage } from '#modules/payments/providers/mock/movements.ts'
import { createMockProvider } from '#modules/payments/providers/mock/provider.ts'
import { createPaymentsService } from '#modules/payments/service.ts'
import { systemClock } from '#platform/clock.ts'
import { createDb } from '#platform/db/kysely.ts'
import { openServer } from '#platform/db/pool.ts'
import { createJobs } from '#platform/jobs.ts'

/** Compares the books, a few movements a page, until it is done or somebody kills it. */
const PAGE = 4
const ASKED = '.'
const log = pino({ level: 'silent' })
const database = openServer({ url: process.argv[2] ?? '', size: 2 })
const { pool } = database
const db = createDb(pool)
const jobs = createJobs({ database, log, supervise: false })
await jobs.open()

const ledger = createMockLedger({ pool })
const payments = createPaymentsService({
  db,
  jobs,
  provider: {
    ...createMockProvider({ ledger, secrets: ['unused'], clock: systemClock }),
    list: async ({ from, to, cursor }) => {
      process.stdout.write(ASKED)
      const lines = await ledger.journal(Number(cursor ?? 0), PAGE, { from, to })
      return { ...toPage(lines), next: lines.length < PAGE ? null : String(lines.at(-1)?.id) }
    },
  },
})
const settledLong = () => Promise.reject(new Error('Nothing here is late.'))
const reconcile = createReconcile({
  db,
  log,
  jobs,
  payments,
  drive: { drive: settledLong, apply: settledLong },
  refund: settledLong,
})
await reconcile.run()
process.exit(0)
