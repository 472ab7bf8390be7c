import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { freePort } from '../postgres.ts'
import { median } from '../rounds.ts'
import { readEngineFlags } from '../web.ts'

const MAIN = fileURLToPath(new URL('../../apps/api/src/main.ts', import.meta.url))
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 5
const IDLE_SECONDS = 4

const isReady = async (url: string) => {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/** What of it lies in memory now, in MB; nothing where there is no `/proc`. */
const residentMb = (pid: number): number => {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}

type Started = { seconds: number; idle_mb: number }

/** From the command to the first `ok` of `/health/ready`, as an operator would see it. */
const startOnce = async (env: Record<string, string>, rest_seconds: number): Promise<Started> => {
  const port = await freePort()
  const from = performance.now()
  const child = spawn(process.execPath, [...readEngineFlags(), MAIN], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], PORT: String(port), LOG_LEVEL: 'warn', ...env },
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit')
  try {
    while (!(await isReady(`http://127.0.0.1:${port}/health/ready`))) {
      if (child.exitCode !== null || performance.now() - from > PATIENCE_MS) throw new Error('The API did not become ready.')
      await sleep(LOOK_EVERY_MS)
    }
    const seconds = (performance.now() - from) / 1000
    await sleep(rest_seconds * 1000)
    return { seconds, idle_mb: residentMb(child.pid ?? 0) }
  } finally {
    child.kill('SIGTERM')
    await ended
    process.off('exit', kill)
  }
}

export type Starts = { name: string; values: number[]; median: number; target: number; stretch: number; unit: 's' | 'MB' }

/** `database_url` is a migrated database. The embedded ones begin with the demo, as `npm start` does. */
export const measureStarts = async (database_url: string, rounds: number): Promise<Starts[]> => {
  const directory = mkdtempSync(join(tmpdir(), 'marquee-start-'))
  const certs = { CERTS_DIR: join(directory, 'certs') }
  const [postgres, again, first]: [Started[], Started[], Started[]] = [[], [], []]
  try {
    // Makes the keys, which a server has from its second start on.
    await startOnce({ DATABASE_URL: database_url, DEMO_DATA: 'false', DATA_DIR: directory, ...certs }, 0)
    for (let round = 0; round < rounds; round += 1) {
      const server = { DATABASE_URL: database_url, DEMO_DATA: 'false', DATA_DIR: directory, ...certs }
      postgres.push(await startOnce(server, IDLE_SECONDS))
      const embedded = { DATA_DIR: join(directory, `embedded-${round}`), CERTS_DIR: join(directory, `certs-${round}`) }
      first.push(await startOnce(embedded, 0))
      again.push(await startOnce(embedded, 0))
    }
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  }
  const seconds = (name: string, runs: Started[], target: number, stretch: number): Starts => {
    const values = runs.map((run) => run.seconds)
    return { name, values, median: median(values), target, stretch, unit: 's' }
  }
  const idle = postgres.map(({ idle_mb }) => idle_mb)
  return [
    seconds('start to ready, PostgreSQL', postgres, 1.5, 0.7),
    seconds('start to ready, embedded, again', again, 2.5, 1.2),
    seconds('start to ready, embedded, first, with the demo', first, 8, 5),
    {
      name: `memory ${IDLE_SECONDS} s after, PostgreSQL`,
      values: idle,
      median: median(idle),
      target: 180,
      stretch: 180,
      unit: 'MB',
    },
  ]
}
