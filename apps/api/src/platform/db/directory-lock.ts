import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/** Undefined when there is no such file; a torn one belongs to nobody. */
const read = (file: string): Holder | 'nobody' | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'nobody'
  }
}

const livingHolder = (file: string): Holder | undefined => {
  const holder = read(file)
  return holder && holder !== 'nobody' && isAlive(holder) ? holder : undefined
}

const refuse = (dataDir: string, holder: Holder) =>
  configError(
    `DATA_DIR ${dataDir} is in use by process ${holder.pid}. Stop it, or point DATA_DIR elsewhere, or use DATABASE_URL to run several processes.`,
  )

/**
 * Links the file to ours, or says who has it. A dead process's file is removed only by whoever holds the right to,
 * which is such a file again: between the look and the removal nobody else can have put theirs there.
 */
const take = (file: string, mine: string): Holder | undefined => {
  for (;;) {
    try {
      linkSync(mine, file)
      return undefined
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = livingHolder(file)
    if (holder) return holder
    removeDead(file, mine)
  }
}

const removeDead = (file: string, mine: string) => {
  const right = `${file}.takeover`
  if (take(right, mine)) return
  try {
    if (read(file) !== undefined && !livingHolder(file)) rmSync(file)
  } finally {
    rmSync(right)
  }
}

/** Takes the directory for this process, or throws naming the process that has it. Returns the release. */
export const lockDirectory = (dataDir: string): (() => void) => {
  const lock = join(dataDir, 'marquee.lock')
  const mine = join(dataDir, `marquee.lock.${process.pid}`)
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder))
  try {
    const holder = take(lock, mine)
    if (holder) throw refuse(dataDir, holder)
    return () => rmSync(lock, { force: true })
  } finally {
    rmSync(mine, { force: true })
  }
}
