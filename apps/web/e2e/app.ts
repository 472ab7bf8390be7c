import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import pg from 'pg'

import { startPostgres } from '../../api/src/testing/postgres-server.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const START_MS = 120_000
const LOG_LINES = 40

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}

/** Where the app keeps what it knows: with the database it brings itself, or with PostgreSQL. */
export type Keeping = 'embedded' | 'postgres'

/** A database of its own on the server of DATABASE_URL, else on one that lives as long as the app. */
const ownDatabase = async (keeping: Keeping) => {
  if (keeping === 'embedded') return { env: { DATABASE_URL: undefined }, drop: () => Promise.resolve() }
  const server = process.env['DATABASE_URL']
  if (!server) {
    const { url, stop } = await startPostgres()
    return { env: { DATABASE_URL: url }, drop: stop }
  }
  const name = `marquee_e2e_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await administer(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { env: { DATABASE_URL: url.href }, drop: () => administer(`drop database if exists ${name} with (force)`) }
}

const runScript = async (script: string) => {
  const child = spawn(process.execPath, [script], { cwd: ROOT, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number]
  if (code !== 0) throw new Error(`${script} ended with ${code}.`)
}

/** Built anew only when its sources have changed. */
export const buildWeb = () => runScript('scripts/build-web.ts')

/** Its mails are files below `data`; an app that ran already keeps them to itself. `command` is its operator's, with what it ended on. */
export type RunningApp = {
  url: string
  data: string
  ready: Promise<void>
  command: (name: string) => Promise<number>
  stop: () => Promise<void>
}

type Settings = Record<string, string>

/** the whole product as `npm start` runs it, with the demo cinemas, in a folder and on a port of its own. APP_URL names one that runs already. */
export const startApp = async (keeping: Keeping, settingsAt?: (url: string) => Promise<Settings>): Promise<RunningApp> => {
  const running = process.env['APP_URL']
  if (running !== undefined && settingsAt === undefined)
    return { url: running, data: '', ready: Promise.resolve(), command: () => Promise.resolve(0), stop: () => Promise.resolve() }
  const data = mkdtempSync(join(tmpdir(), 'marquee-e2e-'))
  const database = await ownDatabase(keeping)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const settings = await settingsAt?.(url)
  const env = {
    ...process.env,
    NODE_ENV: 'development',
    PORT: String(port),
    DATA_DIR: data,
    CERTS_DIR: join(data, 'certs'),
    RATE_LIMITS: 'false',
    LOG_LEVEL: 'warn',
    ...database.env,
    ...settings,
  }
  const child = spawn(process.execPath, ['apps/api/src/main.ts'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  const listen = (chunk: Buffer) => said.push(chunk.toString()) > LOG_LINES && said.shift()
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const stop = async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
    await database.drop()
    rmSync(data, { recursive: true, force: true })
  }
  const untilReady = async () => {
    const deadline = Date.now() + START_MS
    while (child.exitCode === null && Date.now() < deadline) {
      const reply = await fetch(`${url}/health/ready`).catch(() => undefined)
      if (reply?.ok === true) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await stop()
    throw new Error(`The app does not start:\n${said.join('')}`)
  }
  const command = async (name: string) => {
    const [code] = (await once(spawn(process.execPath, ['apps/api/src/cli.ts', name], { cwd: ROOT, env }), 'exit')) as [number]
    return code
  }
  return { url, data, ready: untilReady(), command, stop }
}
