import { fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { migrate } from '../../apps/api/src/platform/db/migrate.ts'
import { openServer as openPool } from '../../apps/api/src/platform/db/pool.ts'
import { type Cost, costBetween, snapshot } from '../cpu.ts'
import { fill } from '../data.ts'
import { HALL_SEATS } from '../house.ts'
import type { Options } from '../options.ts'
import { connect, type Server } from '../postgres.ts'
import { checkInvariants, type Check } from '../verify.ts'
import { createSigner, type SignToken, startApi } from '../web.ts'
import type { WatchOrder, WatchReport } from './watchers.ts'

const WATCHERS = 1_000
const PROCESSES = 2
const BOOKINGS = 120
const WARM_BOOKINGS = 20
const PAUSE_MS = 60
const PATIENCE_MS = 30_000
const WATCHERS_SCRIPT = fileURLToPath(new URL('watchers.ts', import.meta.url))

type Setting = { server: Server; directory: string; options: Options; say: (line: string) => void }
type Api = Awaited<ReturnType<typeof startApi>>

/** One round; `cost` is per message that one watcher got. */
export type LiveRound = { pushed_ms: number[]; answered_ms: number[]; bytes: number; cost: Cost }
export type Live = { rounds: LiveRound[]; watchers: number; checks: Check[] }

const startWatchers = (order: WatchOrder) => {
  const child = fork(WATCHERS_SCRIPT)
  const waiting: ((report: WatchReport) => void)[] = []
  const early: WatchReport[] = []
  child.on('message', (report: WatchReport) => {
    const hear = waiting.shift()
    if (hear) hear(report)
    else early.push(report)
  })
  child.send(order)
  return {
    pid: child.pid,
    next: () => {
      const known = early.shift()
      if (known) return Promise.resolve(known)
      return new Promise<WatchReport>((resolve, reject) => {
        waiting.push(resolve)
        setTimeout(() => reject(new Error('Not every watcher was told.')), PATIENCE_MS).unref()
      })
    },
    close: () => {
      child.disconnect()
      child.kill()
    },
  }
}
type Watching = ReturnType<typeof startWatchers>

const book = async ({ host, port }: Api, token: string, session_id: number, seat: number) => {
  const reply = await fetch(`http://${host}:${port}/api/v1/tickets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ session_id, seat_ids: [seat] }),
  })
  if (reply.status !== 201) throw new Error(`A booking was answered with ${reply.status}: ${await reply.text()}`)
  const answered_at = performance.timeOrigin + performance.now()
  const { server_time } = (await reply.json()) as { server_time: string }
  return { answered_at, began_at: Date.parse(server_time) }
}

/** Books one seat and waits until everybody has been told of it. */
const pushOne = async (api: Api, groups: Watching[], token: string, session: number, seat: number) => {
  const hearing = Promise.all(groups.map(({ next }) => next()))
  const { began_at, answered_at } = await book(api, token, session, seat)
  const told = await hearing
  const last_ms = Math.max(...told.map((report) => (report.kind === 'told' ? report.last_ms : Number.NaN)))
  const bytes = told[0]?.kind === 'told' ? told[0].bytes : 0
  return { pushed_ms: last_ms - began_at, answered_ms: last_ms - answered_at, bytes }
}

const runRound = async (api: Api, postmaster: number | undefined, sign: SignToken, round: number): Promise<LiveRound> => {
  const session = round + 1
  const order = { host: api.host, port: api.port, session, count: WATCHERS / PROCESSES }
  const groups = Array.from({ length: PROCESSES }, () => startWatchers(order))
  try {
    await Promise.all(groups.map(({ next }) => next()))
    const watched = { postmaster, api: api.pid, client: groups[0]?.pid }
    const seatAt = (turn: number) => round * HALL_SEATS + turn + 1
    const tokenOf = (turn: number) => sign(round * HALL_SEATS + turn + 1, 'customer')
    for (let turn = 0; turn < WARM_BOOKINGS; turn += 1) await pushOne(api, groups, await tokenOf(turn), session, seatAt(turn))
    const pushes = []
    const from = snapshot(watched)
    for (let turn = WARM_BOOKINGS; turn < WARM_BOOKINGS + BOOKINGS; turn += 1) {
      await sleep(PAUSE_MS * (0.5 + Math.random()))
      pushes.push(await pushOne(api, groups, await tokenOf(turn), session, seatAt(turn)))
    }
    const cost = costBetween(from, snapshot(watched), BOOKINGS * WATCHERS)
    return {
      pushed_ms: pushes.map((push) => push.pushed_ms),
      answered_ms: pushes.map((push) => push.answered_ms),
      bytes: pushes.reduce((sum, { bytes }) => sum + bytes, 0) / pushes.length,
      cost,
    }
  } finally {
    for (const { close } of groups) close()
  }
}

/** from the moment a booking begins in the database until the last of a thousand watchers has it. */
export const measureLive = async ({ server, directory, options, say }: Setting): Promise<Live | undefined> => {
  if (!options.questions.includes('Q-48')) return undefined
  const { url } = await server.createDatabase('live')
  const { pool, close } = openPool({ url, size: 1 })
  await migrate(pool)
  await close()
  const client = await connect(url)
  await fill(client, 1)
  await client.end()
  const env = { LIVE_CONNECTIONS_PER_ADDRESS: String(WATCHERS * 2), LIVE_CONNECTIONS: String(WATCHERS * 2) }
  const { pool_size } = options
  const api = await startApi({ database_url: url, pool_size, directory, profile: options.profile, env })
  const rounds: LiveRound[] = []
  try {
    const sign = createSigner(directory)
    for (let round = 0; round < (options.quick ? 1 : options.rounds); round += 1) {
      rounds.push(await runRound(api, server.postmaster, sign, round))
      say(`Round ${round + 1}  ${WATCHERS} watchers were told of ${BOOKINGS} bookings`)
    }
  } finally {
    await api.close()
  }
  const check = checkInvariants(url, directory)
  return { rounds, watchers: WATCHERS, checks: [{ ...check, name: `${check.name}, live` }] }
}
