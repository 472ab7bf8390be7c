import { pino } from 'pino'
import { afterAll, expect, test, vi } from 'vitest'

import { createReportsService } from '#modules/reports/service.ts'
import { createDb } from '#platform/db/kysely.ts'
import { createJobs } from '#platform/jobs.ts'
import { openTestDatabase } from '#testing/database.ts'
import { actorOf, createFactories } from '#testing/factories.ts'
import { eventually } from '#testing/processes.ts'

const database = await openTestDatabase()
const db = createDb(database.pool)
const log = pino({ level: 'silent' })
type Sales = Parameters<typeof createReportsService>[0]['sales']

const processes: { close: () => Promise<void> }[] = []
afterAll(async () => {
  for (const { close } of processes) await close()
  await database.close()
})

const startProcess = async (sales: Sales) => {
  const jobs = createJobs({ database, log })
  const reports = createReportsService({ db, jobs, sales, keptDays: 1 })
  jobs.handle('reports.make', reports.make)
  await jobs.open()
  await jobs.work()
  processes.push(jobs)
  return reports
}

test('R-132, Q-03: a report whose process was killed in its midst is made by another one', async () => {
  let letGo = (): void => undefined
  const neverEnds = vi.fn<Sales>(() => new Promise((resolve) => (letGo = () => resolve([]))))
  const killed = await startProcess(neverEnds)
  const manager = await createFactories({ db }).user({ role: 'manager' })
  const wish = { kind: 'sales_by_day', format: 'csv', from: '2026-03-01', to: '2026-03-31' } as const
  const actor = actorOf(manager.id, 'manager')
  const { id } = await killed.order(actor, wish)
  await eventually(
    () => neverEnds.mock.calls.length,
    (calls) => calls === 1,
  )
  // Whoever is asked next has the figures: the process that is gone, or the other, would take the job up.
  const row = { date: '2026-03-01', currency: 'UAH', sessions: 1, tickets: 2, revenue: 3, average_price: 1.5, occupancy: 1 }
  neverEnds.mockImplementation(async () => [row])
  await startProcess(async () => [row])
  await database.pool.query(`update pgboss.job set started_on = started_on - interval '1 day' where state = 'active'`)
  const made = await eventually(
    () => killed.get(actor, id),
    ({ status }) => status === 'done',
    20_000,
  ).finally(letGo)
  expect(made).toMatchObject({ status: 'done', error: null })
  expect((await killed.download(actor, id)).content.toString()).toContain('2026-03-01,UAH,1,2,3,1.5,1')
}, 60_000)
