import { closeSync, constants, existsSync, fstatSync, openSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs'

import { configError } from './config-checks.ts'

export type LogFile = { path: string; maxBytes: number; kept: number }

/** A pipe that nobody reads must not keep the server waiting, at its start or later. */
const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK

/** `path` is where the file may be renamed. A pipe or a device has none: to rename `/dev/null` would break the machine. */
const open = (given: string) => {
  try {
    const file = openSync(given, APPENDING)
    const stat = fstatSync(file)
    return { file, size: stat.size, path: stat.isFile() ? realpathSync(given) : undefined }
  } catch (error) {
    throw configError(`LOG_FILE ${given} cannot be written (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** Makes room: `name` becomes `name.1`, that `name.2` and so on; what is older than the oldest that is kept is gone. */
const shift = (path: string, kept: number) => {
  rmSync(`${path}.${kept}`, { force: true })
  for (let number = kept - 1; number >= 1; number -= 1)
    if (existsSync(`${path}.${number}`)) renameSync(`${path}.${number}`, `${path}.${number + 1}`)
  renameSync(path, `${path}.1`)
}

/**
 * A file of lines that starts anew before it grows beyond its size. Lines come together, a few times a second, so that writing
 * them at once costs nobody time. A disk that is full loses lines and must not stop the sale of tickets.
 */
export const createLogFile = ({ path: given, maxBytes, kept }: LogFile) => {
  const { path, ...opened } = open(given)
  let { file, size } = opened

  const startAnew = (full: string) => {
    shift(full, kept)
    const next = openSync(full, APPENDING)
    closeSync(file)
    file = next
    size = 0
  }

  return (lines: string) => {
    const bytes = Buffer.from(lines)
    try {
      if (path !== undefined && size > 0 && size + bytes.length > maxBytes) startAnew(path)
      size += writeSync(file, bytes)
    } catch {
      // There is nowhere to say it: the health check and the metrics still answer.
    }
  }
}
