import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { migrate } from '../apps/api/src/platform/db/migrate.ts'
import { openServer as openPool, SESSION_SETTINGS } from '../apps/api/src/platform/db/pool.ts'
import { fill } from './data.ts'
import { measureLive } from './live/measure.ts'
import { renderLive } from './live/report.ts'
import { createMeasure, type Measured, SCENES, type SceneName } from './measure.ts'
import { type Options, readOptions } from './options.ts'
import { measureParts } from './parts.ts'
import { createPgbench, pgbenchVersion } from './pgbench.ts'
import { connect, openServer, type Server, temporaryDirectory } from './postgres.ts'
import { measureReads, READ_QUESTIONS } from './read/measure.ts'
import { judgeReads, renderReads } from './read/report.ts'
import { judge, loadNow, readCommit, render } from './report.ts'
import { runRounds } from './rounds.ts'
import { verify } from './verify.ts'
import { startApi, startLoad, writeTokens } from './web.ts'

const WARM_UP_SECONDS = 3
/** A window of bookings that betters the best so far by more than this says that the API is not warm yet. */
const STILL_RISING = 1.03
const STEADY_WINDOWS = 3
const MOST_WARM_UPS = 20
const PARTS_ROUNDS = 3

const say = (text: string) => console.log(text)

const scenesFor = ({ questions }: Options): SceneName[] => {
  const wanted: Record<SceneName, boolean> = {
    pgbench: questions.includes('Q-40') || questions.includes('Q-41'),
    spread: questions.some((name) => ['Q-40', 'Q-41', 'Q-42', 'Q-43'].includes(name)),
    coded: questions.includes('Q-42'),
    hot: questions.includes('Q-42'),
    sold: questions.includes('Q-43'),
    held: questions.includes('Q-43'),
  }
  return SCENES.filter((name) => wanted[name])
}

const wantsBookings = ({ questions }: Options) => questions.some((name) => !READ_QUESTIONS.includes(name) && name !== 'Q-48')

const makeDatabases = async (server: Server, hotSessions: number) => {
  const original = await server.createDatabase('bench')
  const { pool, close } = openPool({ url: original.url, size: 1 })
  await migrate(pool)
  await close()
  const client = await connect(original.url)
  await fill(client, hotSessions)
  await client.end()
  return original
}

/**
 * V8 compiles what has run often, sessions are read when they are first sold, and each connection plans a statement some times: what is
 * measured is a server that has been selling for a while. Bookings are made until some windows in a row are hardly faster than the best before.
 */
const warmUp = async (scenes: SceneName[], quick: boolean, run: (name: SceneName) => Promise<Measured>) => {
  for (const name of scenes) {
    let best = 0
    let stood = 0
    for (let turn = 0; turn < (name === 'spread' && !quick ? MOST_WARM_UPS : 1) && stood < STEADY_WINDOWS; turn += 1) {
      const { rate, api_us } = await run(name)
      say(`Warming up  ${name.padEnd(8)} ${rate.toFixed(0).padStart(6)}/s, Node ${api_us.toFixed(0)} µs`)
      stood = rate > best * STILL_RISING ? 0 : stood + 1
      best = Math.max(best, rate)
    }
  }
}

const measureScenes = async (server: Server, url: string, directory: string, options: Options, scenes: SceneName[]) => {
  const { clients, seats, pool_size, profile, rounds, warm_seconds, window_seconds } = options
  const tokens_file = await writeTokens(directory)
  const api = await startApi({ database_url: url, pool_size, directory, profile })
  const load = await startLoad({ host: api.host, port: api.port, clients, seats, tokens_file })
  try {
    await load.ask({ kind: 'greet' })
    const { postmaster } = server
    const pgbench = createPgbench({ url, postmaster, clients, seats, directory, settings: SESSION_SETTINGS })
    const watched = { postmaster, api: api.pid, client: load.pid }
    const { run, made } = createMeasure({ load, pgbench, watched, warm_seconds })
    await warmUp(scenes, options.quick, (name) => run(name, Math.min(window_seconds, WARM_UP_SECONDS)))
    const results = await runRounds(scenes, rounds, async (name, round) => {
      const measured: Measured = await run(name, window_seconds)
      say(`Round ${round + 1}  ${name.padEnd(8)} ${measured.rate.toFixed(0).padStart(6)}/s`)
      return measured
    })
    return { results, made }
  } finally {
    load.close()
    await api.close()
  }
}

const measureBookings = async (options: Options, server: Server, directory: string, scenes: SceneName[]) => {
  const { questions, clients, seats, rounds, quick } = options
  say('Making the data')
  const { name: template, url } = await makeDatabases(server, rounds + 1)
  const wantsParts = questions.includes('parts') || questions.includes('keys')
  const settings = SESSION_SETTINGS
  const window_seconds = quick ? 1 : 3
  const parts = wantsParts
    ? await measureParts({
        server,
        template,
        clients,
        seats,
        directory,
        settings,
        rounds: PARTS_ROUNDS,
        window_seconds,
        withKeys: questions.includes('keys'),
      })
    : []
  const { results, made } =
    scenes.length > 0
      ? await measureScenes(server, url, directory, options, scenes)
      : { results: new Map<SceneName, Measured[]>(), made: { web: 0, pgbench: 0 } }
  return { parts, results, checks: await verify(url, made, seats, directory) }
}

const bench = async (options: Options, server: Server, directory: string, version: string | undefined) => {
  const load_before = loadNow()
  const { questions } = options
  const bookings = wantsBookings(options)
    ? await measureBookings(options, server, directory, scenesFor(options))
    : { parts: [], results: new Map<SceneName, Measured[]>(), checks: [] }
  const reads = await measureReads({ options, server, directory, say })
  const live = await measureLive({ options, server, directory, say })
  const setting = { options, settings: server.settings, pgbench: version, load_before, commit: readCommit() }
  return render({
    setting,
    verdicts: [...judge(questions, bookings.results), ...(reads ? judgeReads(reads) : [])],
    results: bookings.results,
    parts: bookings.parts,
    reads: [...(reads ? renderReads(reads) : []), ...(live ? renderLive(live) : [])],
    checks: [...bookings.checks, ...(reads?.checks ?? []), ...(live?.checks ?? [])],
  })
}

// A signal alone would leave the servers running: what they clean up with hangs on the exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    console.error(`Stopped by ${signal}.`)
    process.exit(1)
  })

const main = async () => {
  const options = readOptions(process.argv.slice(2), process.env)
  const version = pgbenchVersion()
  if (version === undefined && wantsBookings(options))
    throw new Error(
      'pgbench is missing. It comes with PostgreSQL: Debian and Ubuntu have it in postgresql-contrib or postgresql-<version>.',
    )
  if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true })
  const directory = temporaryDirectory()
  const server = await openServer(options.database_url)
  try {
    const report = await bench(options, server, directory, version)
    say(`\n${report}\n`)
    if (options.write)
      writeFileSync(
        join(import.meta.dirname, 'RESULTS.md'),
        `# Results\n\nWritten by \`npm run bench\`; what the figures mean stands in [README.md](README.md).\n\n${report}\n`,
      )
  } finally {
    await server.close()
  }
}

await main()
