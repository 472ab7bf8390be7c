import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const TICK_US = 10_000

type Stat = { name: string; parent: number; own_us: number; reaped_us: number }

/** A process's CPU so far: its own, and that of its children that have ended. Undefined when it is gone. */
const readStat = (pid: number | string): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const end = text.lastIndexOf(')')
    // From the third field on: state, parent, …; user and system time are the 14th to the 17th.
    const fields = text
      .slice(end + 2)
      .split(' ')
      .map(Number)
    const ticks = (first: number) => ((fields[first - 3] ?? 0) + (fields[first - 2] ?? 0)) * TICK_US
    return { name: text.slice(text.indexOf('(') + 1, end), parent: fields[1] ?? 0, own_us: ticks(14), reaped_us: ticks(16) }
  } catch {
    return undefined
  }
}

/** The process that started this one, when both are PostgreSQL's and on this machine. */
export const parentOf = (backend: number): number | undefined => {
  const stat = readStat(backend)
  return stat?.name.startsWith('postgres') ? stat.parent : undefined
}

const MOST_LOOKS = 100

const livingChildren = (parent: number): number =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readStat)
    .reduce((sum, stat) => sum + (stat?.parent === parent ? stat.own_us : 0), 0)

/**
 * A server with all that it has ever started: the living, and those that have ended. Whoever ends between the two looks is
 * in neither, with all that it has ever spent, so both are taken again until nobody has. Idle connections of an API end by
 * the ten, just when a window of pgbench does.
 */
export const serverCpu = (postmaster: number | undefined): number => {
  if (postmaster === undefined) return Number.NaN
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const head = readStat(postmaster)
    const living = livingChildren(postmaster)
    if (head && readStat(postmaster)?.reaped_us === head.reaped_us) return head.own_us + head.reaped_us + living
  }
  return Number.NaN
}

const IDLE = new Set([3, 4])

/** What the whole machine has been busy, taken away by its host included. */
const machineCpu = (): number => {
  try {
    const [first = ''] = readFileSync('/proc/stat', 'latin1').split('\n')
    const ticks = first.trim().split(/\s+/).slice(1, 9).map(Number)
    return ticks.reduce((sum, value, index) => sum + (IDLE.has(index) ? 0 : value), 0) * TICK_US
  } catch {
    return Number.NaN
  }
}

export type Watched = { postmaster: number | undefined; api: number | undefined; client: number | undefined }
/** Microseconds of CPU so far, and when that was. */
export type Snapshot = { at_ms: number; postgres: number; api: number; client: number; machine: number }

export const snapshot = ({ postmaster, api, client }: Watched): Snapshot => {
  const one = (pid: number | undefined) => (pid === undefined ? 0 : (readStat(pid)?.own_us ?? Number.NaN))
  return { at_ms: performance.now(), postgres: serverCpu(postmaster), api: one(api), client: one(client), machine: machineCpu() }
}

/** What one operation cost; `busy` and `others` are shares of the whole machine, `others` that of processes which are not ours. */
export type Cost = { rate: number; postgres_us: number; api_us: number; client_us: number; busy: number; others: number }

export const costBetween = (from: Snapshot, to: Snapshot, operations: number): Cost => {
  const elapsed_us = (to.at_ms - from.at_ms) * 1000
  const spent = {
    postgres: to.postgres - from.postgres,
    api: to.api - from.api,
    client: to.client - from.client,
    machine: to.machine - from.machine,
  }
  const capacity = elapsed_us * availableParallelism()
  return {
    rate: (operations / elapsed_us) * 1e6,
    postgres_us: spent.postgres / operations,
    api_us: spent.api / operations,
    client_us: spent.client / operations,
    busy: spent.machine / capacity,
    others: Math.max(0, spent.machine - spent.postgres - spent.api - spent.client) / capacity,
  }
}
