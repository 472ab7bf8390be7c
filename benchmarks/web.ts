import { fork, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { createTokens } from '../apps/api/src/modules/auth/tokens.ts'
import { systemClock } from '../apps/api/src/platform/clock.ts'
import type { UserRole } from '../apps/api/src/platform/db/types.gen.ts'
import { loadKeys } from '../apps/api/src/platform/keys.ts'
import { signInOf } from '../apps/api/src/testing/factories.ts'
import { HOLD_SECONDS, WEB_USERS } from './house.ts'
import type { LoadOrder, LoadReport, LoadSetup } from './load.ts'
import { freePort } from './postgres.ts'

const HOST = '127.0.0.1'
const MAIN = fileURLToPath(new URL('../apps/api/src/main.ts', import.meta.url))
const PACKAGE = new URL('../package.json', import.meta.url)
const LOAD = fileURLToPath(new URL('load.ts', import.meta.url))
const START_MS = 30_000

/** What `npm start` tells V8: the API is measured as it is delivered. */
export const readEngineFlags = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--') && !word.startsWith('--env-file'))
}

const hasEnded = (child: { exitCode: number | null; signalCode: string | null }) =>
  child.exitCode !== null || child.signalCode !== null

const answers = async (url: string) => {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

type ApiOptions = {
  database_url: string
  pool_size: number | undefined
  directory: string
  profile: string | undefined
  env?: Record<string, string>
}

/** The API as it is delivered, in its own process; it logs every request, to nowhere. */
export const startApi = async ({ database_url, pool_size, directory, profile, env }: ApiOptions) => {
  const port = await freePort()
  const errors = join(directory, 'api-errors.txt')
  const file = openSync(errors, 'w')
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const child = spawn(process.execPath, [...readEngineFlags(), ...flags, MAIN], {
    stdio: ['ignore', 'ignore', file],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database_url,
      HOST,
      PORT: String(port),
      JOBS: 'false',
      DEMO_DATA: 'false',
      RATE_LIMITS: 'off',
      // Seats are drawn without a thought for their neighbours. Pairs (`--seats 2`) leave nobody alone and can be measured with the rules.
      SEAT_RULES: process.env['SEAT_RULES'] ?? 'off',
      LOG_LEVEL: 'info',
      CERTS_DIR: join(directory, 'certs'),
      DATA_DIR: join(directory, 'data'),
      HOLD_SECONDS: String(HOLD_SECONDS),
      MAX_HOLD_SECONDS: String(HOLD_SECONDS),
      ...(pool_size !== undefined && { DATABASE_POOL_SIZE: String(pool_size) }),
      ...env,
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

/** Signs tokens with the API's own key: nobody has to sign in. */
export const createSigner = (directory: string) => {
  const CERTS_DIR = join(directory, 'certs')
  mkdirSync(CERTS_DIR, { recursive: true })
  const { tokens: keys } = loadKeys({ CERTS_DIR, NODE_ENV: 'development', MOCK_WEBHOOK_SECRETS: [] })
  const { sign } = createTokens({ keys, clock: systemClock, lifetimeSeconds: HOLD_SECONDS })
  return (id: number, role: UserRole) => sign({ id, role, sign_in: signInOf(id) })
}
export type SignToken = ReturnType<typeof createSigner>

/** Returns the file that holds a token for each of the web's users. */
export const writeTokens = async (directory: string): Promise<string> => {
  const sign = createSigner(directory)
  const signed = await Promise.all(Array.from({ length: WEB_USERS }, (_, index) => sign(index + 1, 'customer')))
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
