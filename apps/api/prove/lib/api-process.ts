import { spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const API = fileURLToPath(new URL('../..', import.meta.url))
const START_MS = 60_000
const STOP_MS = 15_000
const ERROR = /^\{"level":"(error|fatal)"/

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

const answers = async (origin: string) => (await fetch(`${origin}/health/live`).catch(() => undefined))?.ok === true

/** The server as it is deployed: its own process and port, and what it wrote into its log. */
export const startApiProcess = async (env: Record<string, string>) => {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const ours = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: origin,
    DEMO_DATA: 'false',
    LOG_LEVEL: 'warn',
  }
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: API,
    env: { PATH: process.env['PATH'] ?? '', ...ours, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const dieWithUs = () => child.kill('SIGKILL')
  process.once('exit', dieWithUs)

  const deadline = performance.now() + START_MS
  while (!(await answers(origin))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`The API did not start:\n${said}`)
    await sleep(50)
  }

  return {
    origin,
    pid: child.pid ?? 0,
    /** What it logged as an error: nothing, in a storm that it stands. */
    errors: () => said.split('\n').filter((line) => ERROR.test(line)),
    /** Asks it to end and returns its exit code. */
    stop: async (): Promise<number | null> => {
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      const code = await ended
      clearTimeout(force)
      process.off('exit', dieWithUs)
      return code
    },
  }
}
