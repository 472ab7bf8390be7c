import { cpSync, existsSync, mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { inject } from 'vitest'

import { type DatabaseHandle, openEmbedded } from '#platform/db/pool.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the files of a new embedded database lie ready, once somebody has asked for one. */
    embedded_home: string
  }
}

const LOOK_EVERY_MS = 50

/** Whether the folder was not there and is now ours. */
const isFirst = (folder: string): boolean => {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Who comes first makes it; the others wait, or make it themselves when that failed. */
const prepare = async (home: string): Promise<void> => {
  const lock = `${home}.lock`
  const making = `${home}.making`
  while (!existsSync(home)) {
    if (!isFirst(lock)) {
      await sleep(LOOK_EVERY_MS)
      continue
    }
    try {
      if (existsSync(home)) return
      const { close } = await openEmbedded(making)
      await close()
      renameSync(making, home)
    } finally {
      rmSync(making, { recursive: true, force: true })
      rmdirSync(lock)
    }
  }
}

/** An embedded database without a table, as a first start makes it: making one costs five seconds, a copy half of one. */
export const openTestEmbedded = async (directory: string): Promise<DatabaseHandle> => {
  const home = inject('embedded_home')
  await prepare(home)
  cpSync(home, directory, { recursive: true })
  return openEmbedded(directory)
}
