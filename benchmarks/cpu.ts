import { readdirSync, readFileSync } from 'node:fs'

const TICK_US = 10_000

type Stat = { name: string; parent: number; own_us: number; reaped_us: number }

/** A process's CPU so far: its own, and that of its children that have ended. Undefined when it is gone. */
const readStat = (pid: number | string): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const end = text.lastIndexOf(')')
    // From the third field on: state, parent, …; user and system time are the 14th to the 17th.
    const fields = text.slice(end + 2).split(' ').map(Number)
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

export const processCpu = (pid: number): number => readStat(pid)?.own_us ?? Number.NaN

/** A server with all that it has ever started: the living, and those that have ended. */
export const serverCpu = (postmaster: number | undefined): number => {
  const head = postmaster === undefined ? undefined : readStat(postmaster)
  if (!head) return Number.NaN
  const living = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readStat)
    .filter((stat) => stat?.parent === postmaster)
  return head.own_us + head.reaped_us + living.reduce((sum, stat) => sum + (stat?.own_us ?? 0), 0)
}
