import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PATIENCE_MS = 60_000
/** Where Node keeps what it has made of our sources: without it each process costs half a second more. */
const NODE_COMPILE_CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/compiled', import.meta.url))

// oxlint-disable-next-line typescript/no-explicit-any -- a test says with its expectations what a body is
export type Answer = { status: number; body: any; headers: Headers }
export type Ending = { code: number | null; signal: NodeJS.Signals | null; output: string }

const living = new Set<ChildProcess>()
process.once('exit', () => living.forEach((child) => child.kill('SIGKILL')))

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

/** Starts a program of this package with only the given environment. */
const launch = (script: string, env: Record<string, string>) => {
  const child = spawn(process.execPath, [script], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', NODE_COMPILE_CACHE, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  living.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<Ending>((resolve) =>
    child.once('close', (code, signal) => {
      living.delete(child)
      resolve({ code, signal, output })
    }),
  )
  return { child, ended, output: () => output }
}

/** Runs a program that is expected to end by itself; one that does not is killed and shows its signal. */
export const runProcess = async (script: string, env: Record<string, string>, patienceMs = PATIENCE_MS): Promise<Ending> => {
  const { child, ended } = launch(script, env)
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  return ended.finally(() => clearTimeout(timer))
}

/** Starts a program and waits until it says where it listens. */
const startListening = async (script: string, env: Record<string, string>, announcement: RegExp) => {
  const { child, ended, output } = launch(script, env)
  const deadline = Date.now() + PATIENCE_MS
  let over: Ending | undefined
  void ended.then((ending) => (over = ending))
  while (!announcement.test(output())) {
    if (over) throw new Error(`${script} ended with ${over.code ?? over.signal}:\n${over.output}`)
    if (Date.now() > deadline) throw new Error(`${script} did not start:\n${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return {
    url: announcement.exec(output())?.[1] ?? '',
    pid: child.pid ?? 0,
    output,
    ended,
    /** As an operator stops it. */
    stop: () => end('SIGTERM'),
    /** As a power cut stops it. */
    kill: () => end('SIGKILL'),
  }
}

/** The server as an operator starts it: `node src/main.ts`. */
export const startServer = async (env: Record<string, string>) =>
  startListening('src/main.ts', { PORT: String(await freePort()), ...env }, /API and docs\s+(http:\S+)\/docs/)

/** The mock payment provider as a process of its own. */
export const startBank = (env: Record<string, string>) => startListening('src/mock-provider.ts', env, /"listening":"(http[^"]+)"/)

/** The local Stripe as a process of its own. */
export const startLocalStripe = async (env: Record<string, string>) =>
  startListening('src/testing/stripe/main.ts', env, /"listening":"(http[^"]+)"/)

export type Running = Awaited<ReturnType<typeof startListening>>

/** Speaks JSON over a real connection, as one person. */
export const createCaller = (url: string, identity: Record<string, string> = {}) => {
  const call =
    (method: string) =>
    async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
      const reply = await fetch(url + path, {
        method,
        headers: { ...identity, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await reply.text()
      const isJson = (reply.headers.get('content-type') ?? '').includes('json')
      return { status: reply.status, body: isJson && text ? JSON.parse(text) : text, headers: reply.headers }
    }
  return { get: call('GET'), post: call('POST'), put: call('PUT'), patch: call('PATCH'), delete: call('DELETE') }
}
export type Caller = ReturnType<typeof createCaller>

/** Asks again until the answer is there; says what it saw last when it never is. */
export const eventually = async <T>(
  look: () => Promise<T> | T,
  isThere: (seen: T) => boolean,
  patienceMs = 10_000,
): Promise<T> => {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const seen = await look()
    if (isThere(seen)) return seen
    if (Date.now() > deadline)
      throw new Error(`It did not happen within ${patienceMs} ms; last seen: ${JSON.stringify(seen)?.slice(0, 2_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
