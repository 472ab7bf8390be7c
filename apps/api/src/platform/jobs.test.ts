import { setTimeout as sleep } from 'node:timers/promises'

import { pino } from 'pino'
import { type TestContext, test as one } from 'vitest'

import { openTestDatabase } from '#testing/database.ts'
import { eventually } from '#testing/processes.ts'
import { createDb, transaction } from './db/kysely.ts'
import { createJobs, type Jobs } from './jobs.ts'

const log = pino({ level: 'silent' })

type Handle = (data: { order_id: number }) => Promise<void>

/** Most of a test here is waiting for the queue: all wait together. */
const test = one.concurrent

/** A worker that remembers what it was told; mocks would be cleared by whichever test ends first. */
const createHandle = (work: (call: number) => unknown = () => undefined) => {
  const calls: unknown[] = []
  const handle: Handle = async (data) => void (await work(calls.push(data)))
  return { handle, calls }
}

/** A house of its own for each test: one database, and processes that share it. */
const openHouse = async ({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) => {
  const undo: (() => Promise<unknown>)[] = []
  onTestFinished(async () => {
    for (const step of undo.toReversed()) await step()
  })
  const database = await openTestDatabase(3)
  const db = createDb(database.pool)
  undo.push(database.close)
  /** One process; with a handler it does the work, without it only queues. */
  const startProcess = async (handle?: Handle) => {
    const jobs = createJobs({ database, log })
    if (handle) jobs.handle('mail.order', handle)
    await jobs.open()
    if (handle) await jobs.work()
    let closing: Promise<void> | undefined
    const close = () => (closing ??= jobs.close())
    undo.push(close)
    return { ...jobs, close }
  }
  const send = (jobs: Pick<Jobs, 'send'>, order_id: number) =>
    transaction(db, (tx) => jobs.send(tx, 'mail.order', { order_id, kind: 'order_paid' }))
  const sendAll = (jobs: Pick<Jobs, 'sendMany'>, count: number) => {
    const orders = Array.from({ length: count }, (_, index) => ({ order_id: index + 1, kind: 'order_paid' as const }))
    return transaction(db, (tx) => jobs.sendMany(tx, 'mail.order', orders))
  }
  const query = async (text: string) => (await database.pool.query(text)).rows
  /** Retries are seconds to minutes apart; nobody waits for that here. */
  const hurry = () => query(`update pgboss.job set start_after = now() where state = 'retry'`)
  return { db, startProcess, send, sendAll, query, hurry }
}

test('a job runs once with what it was told, and the queue is empty afterwards', async ({ expect, onTestFinished }) => {
  const { startProcess, send, query } = await openHouse({ onTestFinished })
  const { handle, calls } = createHandle()
  const jobs = await startProcess(handle)
  await send(jobs, 7)
  await eventually(
    () => query(`select from pgboss.job where state = 'completed'`),
    ({ length }) => length === 1,
  )
  expect(calls).toEqual([{ order_id: 7, kind: 'order_paid' }])
})

test('R-134: a job of a transaction that is undone never runs, one of a transaction that is kept does', async ({
  expect,
  onTestFinished,
}) => {
  const { db, startProcess, send, query } = await openHouse({ onTestFinished })
  const { handle, calls } = createHandle()
  const jobs = await startProcess(handle)
  const undone = transaction(db, async (tx) => {
    await jobs.send(tx, 'mail.order', { order_id: 1, kind: 'order_paid' })
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  await send(jobs, 2)
  await eventually(
    () => calls.length,
    (count) => count > 0,
  )
  expect(calls).toMatchObject([{ order_id: 2 }])
  expect(await query(`select data->>'order_id' as order_id from pgboss.job where name = 'mail.order'`)).toEqual([
    { order_id: '2' },
  ])
})

test('Q-03: a job that fails is tried again, and what comes after it is not held up', async ({ expect, onTestFinished }) => {
  const { startProcess, send, hurry } = await openHouse({ onTestFinished })
  let failures = 2
  const done: number[] = []
  const jobs = await startProcess(async ({ order_id }) => {
    if (order_id === 1 && failures > 0) {
      failures -= 1
      throw new Error('the mail server is away')
    }
    done.push(order_id)
  })
  await send(jobs, 1)
  await send(jobs, 2)
  await eventually(
    () => hurry().then(() => done),
    ({ length }) => length === 2,
  )
  expect(failures).toBe(0)
  expect(done).toEqual([2, 1])
})

test('Q-03: a job that never works ends in the dead letters with what it was told, after all its tries', async ({
  expect,
  onTestFinished,
}) => {
  const { startProcess, send, query, hurry } = await openHouse({ onTestFinished })
  const { handle, calls } = createHandle(() => Promise.reject(new Error('poison')))
  const jobs = await startProcess(handle)
  await send(jobs, 13)
  const [{ retry_limit }] = (await query(`select retry_limit from pgboss.job where name = 'mail.order'`)) as [
    { retry_limit: number },
  ]
  expect(retry_limit).toBeGreaterThanOrEqual(10)
  await query(`update pgboss.job set retry_limit = 2 where name = 'mail.order'`)
  const dead = await eventually(
    () => hurry().then(() => query(`select data from pgboss.job where name = 'dead_letters'`)),
    ({ length }) => length > 0,
  )
  expect(dead).toEqual([{ data: { order_id: 13, kind: 'order_paid' } }])
  expect(calls).toHaveLength(3)
})

test('mails of a premiere go out without a pause between them', async ({ expect, onTestFinished }) => {
  const { startProcess, sendAll } = await openHouse({ onTestFinished })
  const done: number[] = []
  const jobs = await startProcess(async ({ order_id }) => void done.push(order_id))
  const before = performance.now()
  await sendAll(jobs, 80)
  await eventually(
    () => done.length,
    (length) => length === 80,
  )
  // Two at a time and then a pause of half a second would be twenty seconds.
  expect(performance.now() - before).toBeLessThan(10_000)
})

test('R-134: of several processes one does each job, and each does some', async ({ expect, onTestFinished }) => {
  const { startProcess, sendAll } = await openHouse({ onTestFinished })
  const done: [number, number][] = []
  const start = (process: number) => startProcess(async ({ order_id }) => (await sleep(20), void done.push([process, order_id])))
  const [first] = await Promise.all([start(1), start(2)])
  // One process alone would still be at it when the other looks.
  await sendAll(first, 120)
  await eventually(
    () => done.length,
    (length) => length >= 120,
  )
  expect(done.map(([, order]) => order).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
  expect(new Set(done.map(([process]) => process))).toEqual(new Set([1, 2]))
}, 60_000)

test('R-134: processes that start at the same moment on a new database make its queues together', async ({
  expect,
  onTestFinished,
}) => {
  const { startProcess, send, query } = await openHouse({ onTestFinished })
  const { handle, calls } = createHandle()
  for (let round = 1; round <= 5; round += 1) {
    await query('drop schema if exists pgboss cascade')
    const started = await Promise.all(Array.from({ length: 3 }, () => startProcess()))
    for (const { close } of started) await close()
  }
  await send(await startProcess(handle), 3)
  await eventually(
    () => calls.length,
    (count) => count === 1,
  )
  expect(calls).toEqual([{ order_id: 3, kind: 'order_paid' }])
}, 60_000)

test('a job outlives the process that queued it, and one that is being stopped ends what it began', async ({
  expect,
  onTestFinished,
}) => {
  const { startProcess, send } = await openHouse({ onTestFinished })
  const queuing = await startProcess()
  await send(queuing, 1)
  await queuing.close()
  let ended = 0
  const working = await startProcess(async () => (await sleep(300), void (ended += 1)))
  await eventually(
    () => ended,
    (count) => count === 1,
  )
  await send(working, 2)
  await sleep(700)
  await working.close()
  const next = createHandle()
  await startProcess(next.handle)
  const done = await eventually(
    () => ended + next.calls.length,
    (count) => count === 2,
  )
  expect(done).toBe(2)
})

test('Q-03: a job whose process was killed in its midst is done by another one within seconds', async ({
  expect,
  onTestFinished,
}) => {
  const { startProcess, send, query } = await openHouse({ onTestFinished })
  let letGo = (): void => undefined
  const { handle, calls } = createHandle((call) => (call === 1 ? new Promise<void>((resolve) => (letGo = resolve)) : undefined))
  const jobs = await startProcess(handle)
  await send(jobs, 1)
  await eventually(
    () => calls.length,
    (count) => count === 1,
  )
  await query(`update pgboss.job set started_on = started_on - interval '3 minutes' where state = 'active'`)
  await eventually(
    () => calls.length,
    (count) => count === 2,
    15_000,
  ).finally(letGo)
  const isDone = await eventually(
    () => query(`select from pgboss.job where state = 'completed'`),
    ({ length }) => length === 1,
  )
  expect(isDone).toHaveLength(1)
}, 40_000)

test('a sweep is repeated, also after a failure, and never runs twice at once in one process', async ({
  expect,
  onTestFinished,
}) => {
  const { startProcess } = await openHouse({ onTestFinished })
  const jobs = await startProcess()
  let [runs, running, together] = [0, 0, 0]
  jobs.every(1, 'slow', async () => {
    runs += 1
    running += 1
    together = Math.max(together, running)
    await sleep(1_500)
    running -= 1
    throw new Error('the sweep failed')
  })
  await jobs.work()
  await eventually(
    () => runs,
    (count) => count >= 3,
  )
  await jobs.close()
  expect(running).toBe(0)
  expect(together).toBe(1)
})
