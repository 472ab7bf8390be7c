import { closeSync, existsSync, fstatSync, openSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs'

import { configError } from './config-checks.ts'

export type LogFile = { path: string; maxBytes: number; kept: number }

const open = (path: string) => {
  try {
    return openSync(path, 'a')
  } catch (error) {
    throw configError(`LOG_FILE ${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`)
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
  let file = open(given)
  let { size } = fstatSync(file)
  // A pipe or a device has no size, and to rename `/dev/null` would break the machine. A link leads to the file that is meant.
  const rotates = fstatSync(file).isFile()
  const path = rotates ? realpathSync(given) : given

  const startAnew = () => {
    shift(path, kept)
    const next = openSync(path, 'a')
    closeSync(file)
    file = next
    size = 0
  }

  return (lines: string) => {
    const bytes = Buffer.from(lines)
    try {
      if (rotates && size > 0 && size + bytes.length > maxBytes) startAnew()
      size += writeSync(file, bytes)
    } catch {
      // There is nowhere to say it: the health check and the metrics still answer.
    }
  }
}
