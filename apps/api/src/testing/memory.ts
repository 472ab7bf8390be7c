import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The memory of Linux as a folder. */
const MEMORY = '/dev/shm'
const ROOM_BYTES = 4e9

const hasRoom = (): boolean => {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize > ROOM_BYTES && process.availableMemory() > ROOM_BYTES
  } catch {
    return false
  }
}

/** A folder that others may look into and from which programs can be started; undefined where memory has no room for one. */
const makeFolder = (): string | undefined => {
  if (process.env['TMPDIR']?.startsWith(MEMORY) || !hasRoom()) return undefined
  const folder = mkdtempSync(join(MEMORY, 'marquee-test-'))
  try {
    chmodSync(folder, 0o755)
    const program = join(folder, 'program')
    writeFileSync(program, '', { mode: 0o755 })
    accessSync(program, constants.X_OK)
    return folder
  } catch {
    rmSync(folder, { recursive: true, force: true })
    return undefined
  }
}

/**
 * From now on temporary files of this process, and of those it starts, are kept in memory where there is room. Hundreds of databases come
 * and go in a run of the tests, and for each new file ext4 looks through those deleted just before. Returns what undoes it.
 */
export const keepFilesInMemory = (): (() => void) => {
  const folder = makeFolder()
  if (folder === undefined) return () => undefined
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  return () => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    process.off('exit', remove)
    remove()
  }
}
