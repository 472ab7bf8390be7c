import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { configError } from '../config.ts'

type Holder = { pid: number; started: string }

/** When a process began, so that a recycled pid is not taken for the one that wrote the lock; '' where unknown. */
const startOf = (pid: number): string => {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')[19] ?? ''
    if (process.platform === 'win32') return ''
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

const isAlive = ({ pid, started }: Holder) => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return startOf(pid) === started
}

const read = (file: string): Holder | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

const refuse = (dataDir: string, holder: Holder) =>
  configError(
    `DATA_DIR ${dataDir} is in use by process ${holder.pid}. Stop it, or point DATA_DIR elsewhere, or use DATABASE_URL to run several processes.`,
  )

/** Takes the directory for this process, or throws naming the process that has it. Returns the release. */
export const lockDirectory = (dataDir: string): (() => void) => {
  const lock = join(dataDir, 'marquee.lock')
  const mine = join(dataDir, `marquee.lock.${process.pid}`)
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder))
  try {
    for (;;) {
      try {
        linkSync(mine, lock)
        return () => rmSync(lock, { force: true })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const holder = read(lock)
      if (holder && isAlive(holder)) throw refuse(dataDir, holder)
      takeAway(lock, dataDir)
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Removes a dead process's lock; if a living one slipped in between the look and the move, its lock is put back. */
const takeAway = (lock: string, dataDir: string) => {
  const aside = `${lock}.stale.${process.pid}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = read(aside)
  if (moved && isAlive(moved)) {
    linkSync(aside, lock)
    rmSync(aside)
    throw refuse(dataDir, moved)
  }
  rmSync(aside)
}
