import { fork, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { createTokens } from '../apps/api/src/modules/auth/tokens.ts'
import { systemClock } from '../apps/api/src/platform/clock.ts'
import { loadKeys } from '../apps/api/src/platform/keys.ts'
import { HOLD_SECONDS, WEB_USERS } from './house.ts'
import type { LoadOrder, LoadReport, LoadSetup } from './load.ts'
import { freePort } from './postgres.ts'

const HOST = '127.0.0.1'
const MAIN = fileURLToPath(new URL('../apps/api/src/main.ts', import.meta.url))
const LOAD = fileURLToPath(new URL('load.ts', import.meta.url))
const START_MS = 30_000

const hasEnded = (child: { exitCode: number | null; signalCode: string | null }) =>
  child.exitCode !== null || child.signalCode !== null

const answers = async (url: string) => {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

type ApiOptions = { database_url: string; pool_size: number | undefined; directory: string; profile: string | undefined }

/** The API as it is delivered, in its own process; it logs every request, to nowhere. */
export const startApi = async ({ database_url, pool_size, directory, profile }: ApiOptions) => {
  const port = await freePort()
  const errors = join(directory, 'api-errors.txt')
  const file = openSync(errors, 'w')
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const child = spawn(process.execPath, [...flags, MAIN], {
    stdio: ['ignore', 'ignore', file],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database_url,
      HOST,
      PORT: String(port),
      JOBS: 'false',
      DEMO_DATA: 'false',
      LOG_LEVEL: 'info',
      CERTS_DIR: join(directory, 'certs'),
      HOLD_SECONDS: String(HOLD_SECONDS),
      MAX_HOLD_SECONDS: String(HOLD_SECONDS),
      ...(pool_size !== undefined && { DATABASE_POOL_SIZE: String(pool_size) }),
    },
  })
  closeSync(file)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const deadline = Date.now() + START_MS
  while (!(await answers(`http://${HOST}:${port}/health`))) {
    if (hasEnded(child) || Date.now() > deadline) throw new Error(`The API did not start.\n${readFileSync(errors, 'utf8')}`)
    await sleep(50)
  }
  return {
    host: HOST,
    port,
    pid: child.pid ?? 0,
    close: async () => {
      child.kill('SIGTERM')
      await gone
      process.off('exit', kill)
    },
  }
}

/** Tokens signed with the API's own key: nobody has to sign in. Returns the file that holds them. */
export const writeTokens = async (directory: string): Promise<string> => {
  const CERTS_DIR = join(directory, 'certs')
  mkdirSync(CERTS_DIR, { recursive: true })
  const { tokens: key } = loadKeys({ CERTS_DIR, NODE_ENV: 'development', MOCK_WEBHOOK_SECRETS: [] })
  const { sign } = createTokens({ key, clock: systemClock, lifetimeSeconds: HOLD_SECONDS })
  const signed = await Promise.all(
    Array.from({ length: WEB_USERS }, (_, index) => sign({ id: index + 1, role: 'customer', sign_in: randomUUID() })),
  )
  const file = join(directory, 'tokens.txt')
  writeFileSync(file, signed.join('\n'), { mode: 0o600 })
  return file
}

export const startLoad = async (setup: LoadSetup) => {
  const child = fork(LOAD)
  let fail: (error: Error) => void = () => undefined
  let hear: (report: LoadReport) => void = () => undefined
  child.on('exit', () => fail(new Error('The load process has ended.')))
  child.on('message', (report: LoadReport) => hear(report))
  const ask = (order: LoadOrder) =>
    new Promise<LoadReport>((resolve, reject) => {
      hear = resolve
      fail = reject
      child.send(order)
    })
  await ask({ kind: 'setup', setup })
  return {
    pid: child.pid,
    ask,
    close: () => {
      fail = () => undefined
      child.disconnect()
      child.kill()
    },
  }
}
export type Load = Awaited<ReturnType<typeof startLoad>>
